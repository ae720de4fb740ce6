"""For those who write katas: does everything a kata promises hold?"""
