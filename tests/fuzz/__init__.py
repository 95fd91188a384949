"""A fuzz test of the whole program: ``python -m tests.fuzz --minutes 60``.

Every target generates cases; a case is a folder of files, the words of one command line, its
environment and its standard input. A run must keep the promises in ``promises.py``: it ends by itself,
with an exit status that the contract names, without a traceback, and every count equals tiktoken's.

What breaks a promise is made as small as possible and written to ``seeds/``, where every later run and
``tests/test_fuzz.py`` try it again.
"""
