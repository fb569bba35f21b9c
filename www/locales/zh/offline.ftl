# Installing, offline, updates.

offline-works = 此页面已保存在您的设备上，没有网络也能打开。
offline-preparing = 正在为离线使用做准备……
offline-unavailable = 此页面需要联网才能打开：此浏览器没有保存它的副本。
offline-incomplete = 此页面需要联网才能打开：有文件未完整送达，因此没有保存副本。请重新加载再试一次。
offline-no-room = 此页面需要联网才能打开：此设备没有空间保存副本。请腾出空间，然后重新加载页面。
offline-disabled = 此页面需要联网才能打开：提供它的人不允许保存副本。
installed-version = 版本 { $version }
install-app = 安装为应用
update-here = 此页面有新版本。
update-reload = 重新加载
update-later = 稍后
