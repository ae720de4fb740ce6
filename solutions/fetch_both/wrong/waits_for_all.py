# breaks first-error-out: return_exceptions waits for both, whatever has failed
import asyncio


async def fetch_both(left, right):
    answers = await asyncio.gather(left(), right(), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return tuple(answers)
