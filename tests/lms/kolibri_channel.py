"""A channel of HTML5 apps for Kolibri, as Kolibri itself writes channels on a drive for others.

    kolibri_channel.py FOLDER CHANNEL TITLE=ZIP…     prints the address of each app, a line each
"""

import hashlib
import os
import shutil
import sys
from uuid import NAMESPACE_URL, uuid5

import kolibri.dist  # noqa: F401: Kolibri brings its libraries along.
from kolibri.core.content.constants.schema_versions import CONTENT_SCHEMA_VERSION
from kolibri.core.content.contentschema.versions import content_schema_5 as schema
from le_utils.constants import content_kinds, file_formats, format_presets
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

folder, channel, *apps = sys.argv[1:]
databases = os.path.join(folder, "content", "databases")
os.makedirs(databases)


def name(what):
    return uuid5(NAMESPACE_URL, f"{channel}/{what}").hex


def node(identity, kind, title, **others):
    return schema.ContentContentnode(
        id=identity, kind=kind, title=title, content_id=name(f"content of {title}"), channel_id=channel,
        license_owner="", author="", available=True, coach_content=False, tree_id=1, lang_id="en", **others
    )


def store(package):
    """Copies a package to where Kolibri looks for it and returns its row."""
    with open(package, "rb") as file:
        checksum = hashlib.md5(file.read()).hexdigest()
    at = os.path.join(folder, "content", "storage", checksum[0], checksum[1])
    os.makedirs(at, exist_ok=True)
    shutil.copyfile(package, os.path.join(at, f"{checksum}.{file_formats.HTML5}"))
    return schema.ContentLocalfile(id=checksum, extension=file_formats.HTML5, available=True, file_size=os.path.getsize(package))


engine = create_engine(f"sqlite:///{os.path.join(databases, channel)}.sqlite3")
schema.Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(schema.ContentLanguage(id="en", lang_code="en", lang_name="English", lang_direction="ltr"))
    session.add(node(channel, content_kinds.TOPIC, "moue", lft=1, rght=2 * len(apps) + 2, level=0))
    session.add(schema.ContentChannelmetadata(
        id=channel, name="moue", description="", author="", version=1, thumbnail="", root_id=channel,
        min_schema_version=CONTENT_SCHEMA_VERSION,
    ))
    for number, app in enumerate(apps, 1):
        title, package = app.split("=", 1)
        file = store(package)
        session.add(file)
        session.add(node(name(title), content_kinds.HTML5, title, parent_id=channel, lft=2 * number, rght=2 * number + 1, level=1, sort_order=number))
        session.add(schema.ContentFile(
            id=name(f"file of {title}"), preset=format_presets.HTML5_ZIP, supplementary=False, thumbnail=False, priority=1,
            contentnode_id=name(title), local_file_id=file.id,
        ))
        print(name(title))
    session.commit()
