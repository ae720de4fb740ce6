"""The bytes that judge and zygote exchange over the control socket."""

import struct

REQUEST = struct.Struct(">ci")
"""A verb (`S` start a player on the attached socket, `K` kill and reap) and a pid."""

REPLY = struct.Struct(">i")
"""The pid of a started player, or the wait status of an ended one."""

NO_PLAYER = -1
"""Stands for the pid of a player that could not be started."""
