"""A learning record store for tests, with its statements in a file: Ralph (https://github.com/openfun/ralph).

    lrs.py HOST PORT FOLDER

Ralph's backend for files refuses a second write to its own file unless it is told to append.
"""

import os
import sys

host, port, folder = sys.argv[1:]
os.environ["RALPH_RUNSERVER_BACKEND"] = "fs"
os.environ["RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH"] = folder

import uvicorn  # noqa: E402: Ralph reads its settings as it is imported.
from ralph.backends.data.base import BaseOperationType  # noqa: E402
from ralph.backends.lrs.fs import FSLRSBackend  # noqa: E402

FSLRSBackend.default_operation_type = BaseOperationType.APPEND

from ralph.api import app  # noqa: E402

uvicorn.run(app, host=host, port=int(port), log_level="warning")
