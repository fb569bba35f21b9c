#!/usr/bin/python3
"""A WebKitGTK window for tests. WebKitWebDriver starts it and drives its page; what WebDriver has not comes over a socket:
scripts before the page's own, looks, sizes, pictures, the network, and word of requests, downloads and
workers. HOST is its JSON."""
import json
import os
import socket
import sys

import gi

gi.require_version('Gtk', '3.0')
gi.require_version('WebKit2', '4.1')
gi.require_foreign('cairo')
from gi.repository import Gdk, GLib, Gtk, WebKit2

OPTIONS = json.loads(os.environ['HOST'])
FOLDER = OPTIONS['folder']

Gtk.init(sys.argv)
gtk = Gtk.Settings.get_default()
data = WebKit2.WebsiteDataManager(base_data_directory=f'{FOLDER}/data', base_cache_directory=f'{FOLDER}/cache')
context = WebKit2.WebContext.new_with_website_data_manager(data)
context.set_automation_allowed(True)
context.set_preferred_languages(OPTIONS['languages'])
content = WebKit2.UserContentManager()
settings = WebKit2.Settings()
for name, value in {
    'enable-media-stream': True,
    'enable-mock-capture-devices': True,
    'enable-write-console-messages-to-stdout': True,
    'enable-developer-extras': True,
    'enable-tabs-to-links': True,
    'javascript-can-access-clipboard': True,
    'media-playback-requires-user-gesture': False,
}.items():
    settings.set_property(name, value)
clients, windows = [], []


def tell(**message):
    for client in clients:
        client.sendall(json.dumps(message).encode() + b'\n')


def open_window(session):
    view = WebKit2.WebView(web_context=context, user_content_manager=content, settings=settings, is_controlled_by_automation=True)
    window = Gtk.Window()
    window.set_decorated(False)
    window.set_default_size(OPTIONS['width'], OPTIONS['height'])
    window.add(view)
    window.show_all()
    view.grab_focus()
    window.present()
    # No window manager gives the focus to a window here.
    window.get_window().focus(Gdk.CURRENT_TIME)
    view.connect('permission-request', lambda view, request: request.allow() or True)
    view.connect('resource-load-started', lambda view, resource, request: tell(event='request', url=request.get_uri()))
    view.connect('close', lambda view: window.destroy())
    windows.append((window, view))
    return view


def on_automation(context, session):
    info = WebKit2.ApplicationInfo.new()
    info.set_name('moue')
    info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
    session.set_application_info(info)
    session.connect('create-web-view', open_window)


def on_download(context, download):
    def choose(download, name):
        path = f'{FOLDER}/{len(os.listdir(FOLDER))}-{name}'
        download.set_destination(f'file://{path}')
        download.connect('finished', lambda download: tell(event='download', path=path, name=name))
        return True

    download.connect('decide-destination', choose)


def show(looks):
    if 'colorScheme' in looks:
        gtk.set_property('gtk-application-prefer-dark-theme', looks['colorScheme'] == 'dark')
    if 'reducedMotion' in looks:
        gtk.set_property('gtk-enable-animations', looks['reducedMotion'] != 'reduce')


def take(message):
    """A picture, which is told when it is there."""

    def done(view, result):
        view.get_snapshot_finish(result).write_to_png(message['path'])
        tell(id=message['id'])

    region = WebKit2.SnapshotRegion.FULL_DOCUMENT if message['full'] else WebKit2.SnapshotRegion.VISIBLE
    windows[message['window']][1].get_snapshot(region, WebKit2.SnapshotOptions.NONE, None, done)


def set_offline(offline):
    mode = WebKit2.NetworkProxyMode.CUSTOM if offline else WebKit2.NetworkProxyMode.DEFAULT
    data.set_network_proxy_settings(mode, WebKit2.NetworkProxySettings.new('http://127.0.0.1:1', []) if offline else None)


def add_script(source):
    frames, start = WebKit2.UserContentInjectedFrames.ALL_FRAMES, WebKit2.UserScriptInjectionTime.START
    content.add_script(WebKit2.UserScript.new(source, frames, start, None, None))


COMMANDS = {
    'script': lambda message: add_script(message['source']),
    'size': lambda message: windows[message['window']][0].resize(message['width'], message['height']),
    'looks': lambda message: show(message['looks']),
    'offline': lambda message: set_offline(message['offline']),
}


def obey(client, condition, rest):
    received = client.recv(1 << 20)
    if not received:
        # Whoever runs the tests is gone.
        Gtk.main_quit()
        return False
    rest += received
    *lines, last = bytes(rest).split(b'\n')
    rest[:] = last
    for line in lines:
        message = json.loads(line)
        if message['do'] == 'picture':
            take(message)
        else:
            COMMANDS[message['do']](message)
            tell(id=message['id'])
    return True


def welcome(server, condition):
    client, _ = server.accept()
    clients.append(client)
    GLib.io_add_watch(client.fileno(), GLib.IO_IN | GLib.IO_HUP, lambda fd, condition, rest=bytearray(): obey(client, condition, rest))
    return True


show(OPTIONS['looks'])
content.register_script_message_handler('workers')
content.connect('script-message-received::workers', lambda content, message: tell(event='worker', **json.loads(message.get_js_value().to_string())))
context.connect('automation-started', on_automation)
context.connect('download-started', on_download)
server = socket.socket(socket.AF_UNIX)
server.bind(f'{FOLDER}/socket')
server.listen()
GLib.io_add_watch(server.fileno(), GLib.IO_IN, lambda fd, condition: welcome(server, condition))
Gtk.main()
