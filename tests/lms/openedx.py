"""The workbench of xblock-sdk with openedx-scorm-xblock in it, and what it holds.

    openedx.py FOLDER serve PORT NAME…     one block, and one scenario, per name
    openedx.py FOLDER state                what is stored of learners, as JSON

Database and uploads lie in FOLDER.
"""

import json
import logging
import os
import sys

folder, command, *rest = sys.argv[1:]
os.makedirs(os.path.join(folder, "var"), exist_ok=True)
# The workbench keeps its database and its log below the working folder.
os.chdir(folder)

from workbench import settings  # noqa: E402: it names files of the working folder.

settings.MEDIA_ROOT = os.path.join(folder, "media")
settings.MEDIA_URL = "/media/"
os.environ["DJANGO_SETTINGS_MODULE"] = "workbench.settings"

import django  # noqa: E402

django.setup()

if command == "state":
    from workbench.models import XBlockState

    rows = XBlockState.objects.exclude(user_id=None)
    print(json.dumps([{"scenario": row.scenario, "user": row.user_id, "state": json.loads(row.state)} for row in rows]))
    sys.exit()

from django.core.management import call_command  # noqa: E402
from workbench import runtime, scenarios  # noqa: E402

handler_url = runtime.WorkbenchRuntime.handler_url
patch_xblock = runtime.WorkbenchRuntime._patch_xblock


def like_open_edx(self, block, handler_name, *arguments, **named):
    """Has no query for files: the block appends their paths, as the addresses of Open edX allow."""
    url = handler_url(self, block, handler_name, *arguments, **named)
    return url.partition("?")[0] if handler_name == "assets_proxy" else url


def with_block_id(self, block):
    """Has a text for the block's identifier, where the workbench has a mock."""
    patch_xblock(self, block)
    block.location.block_id = block.scope_ids.usage_id


runtime.WorkbenchRuntime.handler_url = like_open_edx
runtime.WorkbenchRuntime._patch_xblock = with_block_id

# The workbench publishes events by logging them.
logging.getLogger("workbench.runtime").addHandler(logging.StreamHandler(sys.stderr))
logging.getLogger("workbench.runtime").setLevel(logging.INFO)

port, *names = rest
# The package on PyPI comes without the migrations of the workbench.
call_command("migrate", run_syncdb=True, verbosity=0)
# In place of the blocks' own, of which the SCORM block's names a block that is not there.
scenarios.get_scenarios.initialized = True
for name in names:
    scenarios.add_xml_scenario(name, name, "<scorm/>")
call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)
