# 时间线、总结、导出。

record-title = 时间线
record-face = 人脸
record-follow = 画面中的人
record-span = 显示
record-span-minute = 最近一分钟
record-span-five-minutes = 最近五分钟
record-span-whole = 全部
record-live = 回到现在
record-discard = 丢弃记录
record-moment = 时刻
record-chart = 七条线，每种表情一条：第 { $number } 张脸从 { $from } 到 { $until } 的概率。下方表格列有数值。
record-out-of-sight = 不在画面中
record-not-judged = 看得不够清楚
record-table = 以表格显示这些线
record-table-caption = 各条线随时间变化的数值。
record-time = 秒
record-verdict = 识别结果

summary-title = 整段记录
summary-all = 所有人脸合计
summary-length = 记录时长：{ $duration }。
summary-faces = { $count } 张脸。离开后又回来的人算作另一张脸。
summary-faceless = { $share } 的时间画面中没有人。
summary-longest = 时间最长：{ $outcome }（占出现时间的 { $share }）。
summary-changes = 表情变化 { $count } 次。
summary-share = 时间占比
summary-mean = 平均概率

export-recording = 保存或复制这段记录
export-photo = 保存或复制识别结果
export-png = 保存图片（PNG）
export-csv = 保存为 CSV
export-json = 保存为 JSON
export-copy = 复制为文字
export-copy-picture = 复制图片
export-note = 在本设备上生成，不发送任何内容。
export-photos = CSV、JSON 和文本包含已读取的 { $count } 张照片的结果；图片是当前显示的那一张。
export-saved = 已保存为 { $name }。
export-copied = 已复制。
export-refused = 浏览器不允许这样做。请允许本页面后再试。
export-face = 第 { $number } 张脸：{ $outcome }（{ $share }）
export-face-unsure = 第 { $number } 张脸：{ $outcome }
