# The page: its frame, its states, its errors.

## Frame

page-title = moue：这张脸看起来怎么样？
brand-link = moue，首页
headline = 这张脸看起来怎么样？
language = 语言
promise = 您的图片绝不会离开这台设备。
promise-check = 如何验证
promise-how = 寻找和识别人脸都在这个标签页里进行。模型加载完成后，识别过程不会发出任何请求。页面只保存自身的文件以便离线使用，浏览器每次访问会检查一次是否有新版本。验证方法：打开浏览器的开发者工具，选择“网络”，再拖入一张照片；或者断开网络继续使用。图片也不会被保存，关闭标签页后它就消失了。
about-lead = 这是对一张脸的猜测，不是对情感的判断。
about-short = 网络说出的是表情看起来像什么，而且经常出错。请勿用它评判学生、员工、求职者或其他任何人，只能用于已同意的人。
model-accuracy = 对 FER2013 的 PrivateTest，有 { $share } 与多数人的说法一致
close = 关闭
retry = 重试
detail = 技术细节：

## Loading

loading-program = 正在加载引擎…
loading-model = 正在加载模型…
loading-model-share = 正在加载模型… { $received } / { $total } MB
loading-engine = 正在启动引擎…
loading-warm-up = 正在检查并预热模型…

## Stage and controls

stage = 图片
photo-alt = 已识别的照片
busy = 正在寻找人脸…
drop-here = 将照片、文件夹或视频拖放到此处
drop-or = 或者粘贴、选择一张，或打开摄像头
choose-photo = 选择照片或视频
choose-another = 另选文件
remove-photo = 重新开始
camera-start = 打开摄像头
camera-stop = 关闭摄像头
status-photo-waits = 模型就绪后会立即读取您的文件。
status-loading = 加载中
status-not-running = 未运行
status-reading = 正在识别照片…
status-camera-asked = 您的浏览器正在请求使用摄像头。
status-camera-starts = 摄像头正在启动…
status-ready = 就绪
status-no-face = 没有找到人脸
faces = { $count } 张脸

## Readings

readings = 识别结果
readings-hint = 每张脸的七种表情及其概率会显示在这里。
no-face-hint = 没有找到人脸。脸朝向镜头、光线充足而且不太小时最容易找到。
no-face-photo = 没有找到人脸。如果照片横放或上下颠倒，请旋转它。脸朝向镜头、光线充足而且不太小时最容易找到。
no-face-black = 摄像头的画面是黑的。请打开它的遮挡盖，或选择其他摄像头。
no-face-dark = 没有找到人脸：光线太暗。请开灯，或面向光源。
left-out = 还找到 { $count } 张脸，没有识别。请裁剪照片后再识别它们。
maybe-hint = { $count } 个虚线框里可能有人脸。点按方框即可识别。
maybe-read = 可能是人脸。识别
timing = 查找用时 { $detect }，识别用时 { $network }
face-number = 第 { $number } 张脸
face-dismiss = 不是人脸
face-dismiss-number = 第 { $number } 张脸不是人脸
face-turned = 旋转了 { $degrees }°
face-added = 方框由您绘制
face-add = 添加人脸
face-add-area = 围绕遗漏人脸的方框
face-add-how = 在人脸周围拖出一个方框，或点按人脸。使用键盘：方向键移动方框，+ 和 − 改变大小，回车键读取，Esc 键取消。
turn = 旋转照片
photo-not-turned = 无法旋转照片。请用图片编辑软件旋转后重新打开。
undo-dismissed = 撤销：不是人脸
undo-added = 撤销：添加的人脸
emotion-anger = 愤怒
emotion-disgust = 厌恶
emotion-fear = 害怕
emotion-happy = 高兴
emotion-sad = 悲伤
emotion-surprise = 惊讶
emotion-neutral = 平静
emotion-other = 其他
verdict-anger = 看起来愤怒
verdict-disgust = 看起来厌恶
verdict-fear = 看起来害怕
verdict-happy = 看起来高兴
verdict-sad = 看起来悲伤
verdict-surprise = 看起来惊讶
verdict-neutral = 看起来平静
verdict-unsure = 不确定
verdict-perhaps = 可能{ $verdict }

# Heard by screen readers. $verdict is one of the verdict-… messages.
said-no-face = 没有找到人脸。
said-face-dismissed = 已略去这张脸。
said-face = 这张脸{ $verdict }。
said-face-perhaps = 这张脸可能{ $verdict }。
said-face-unsure = 这张脸：不确定。
said-face-number = 第 { $number } 张脸{ $verdict }。
said-face-number-perhaps = 第 { $number } 张脸可能{ $verdict }。
said-face-number-unsure = 第 { $number } 张脸：不确定。
said-maybe = 另有 { $count } 处可能有人脸。
said-left-out = 另有 { $count } 张没有识别。

## Engine

engine-webgpu = 使用 WebGPU 计算：{ $adapter }
engine-webgpu-unnamed = 使用 WebGPU 计算
engine-cpu = 使用处理器计算：{ $reason }
cpu-chosen = 在网址中指定
cpu-webgpu-stopped = WebGPU 已停止
cpu-crashed = 引擎崩溃后不再使用 WebGPU
cpu-webgpu-starts = WebGPU 正在启动
cpu-faster = 处理器比 WebGPU 更快
cpu-no-adapter = 此浏览器没有提供 WebGPU 适配器
cpu-software-adapter = WebGPU 适配器是软件模拟的
cpu-webgpu-no-start = WebGPU 没有启动
cpu-webgpu-wrong = WebGPU 在此设备上计算有误

## Camera

camera-not-delegated = 此框架外的页面没有允许它使用摄像头。该页面的管理者需要在其 <iframe> 上加上 allow="camera"。照片无需摄像头。
camera-refused = 摄像头未被允许。请通过网址旁的摄像头或锁形图标允许它，然后重新打开。没有摄像头也可以使用照片。
camera-missing = 没有找到摄像头。请连接一个再试，或者改为拖入照片。
camera-in-use = 摄像头正被其他程序使用。请关闭正在显示摄像头画面的程序或标签页，然后重新打开。
camera-insecure-page = 浏览器只向 https:// 或 localhost 的页面提供摄像头。请通过安全网址打开此页面，或者改为拖入照片。
camera-no-interface = 此浏览器不向页面提供摄像头。请更新或更换浏览器，或者改为拖入照片。
camera-ended = 摄像头自行停止了。请检查连接，然后重新打开。没有摄像头也可以使用照片和视频。
camera-other = 摄像头没有启动。请重新打开，或者改为拖入照片。
canvas-withheld = 此浏览器对网页隐藏图像，因此这里无法读取摄像头和视频。请用地址栏旁的图片符号允许画布数据，然后重新开始。照片不受影响。
camera-hidden = 标签页被隐藏，摄像头已关闭。

## Files

nothing-to-read = 其中没有图片。请拖入或粘贴图片文件，例如 JPEG 或 PNG。
file-not-handed-over = 您的浏览器没有交出该文件。请改用按钮选择它。
file-too-large = 此文件有 { $size } MB，最大只能读取 { $limit } MB 的图片。请另存为较小的文件再试。
file-unreadable = 浏览器无法打开此文件。请重新选择。

## Failures: headings

title-lost = 页面出了差错
title-old-copy = 正在使用页面的旧副本
title-no-start = 引擎没有启动
title-stopped = 引擎停止了
title-no-web-gpu = 这里没有 WebGPU
title-model-missing = 模型没有送达
title-model-incomplete = 模型不完整
title-model-damaged = 模型已损坏
title-model-version = 模型属于另一个版本
title-detector = 人脸查找器已损坏
title-picture = 无法读取这张图片
title-reading = 识别这张图片失败

## Failures: what to do

error-no-worker = 此浏览器没有为此页面启动 worker。请更新浏览器，或允许此网站使用 worker。
engine-fell-back = 引擎崩溃，正在不使用 WebGPU 重新启动。就绪后请重新选择图片。
engine-fell-back-live = 引擎崩溃，正在不使用 WebGPU 重新启动。就绪后会自动继续读取。
error-bad-message = 页面与引擎之间的消息无法理解。请重新加载页面。
error-version-mismatch = 页面与引擎来自不同版本，其中之一是旧副本。请不使用缓存重新加载页面（Ctrl+Shift+R）。
error-engine-start = 引擎没有启动。请重试，或选择引擎“cpu”。
error-engine-crashed = 引擎意外停止。请重试。
error-no-web-gpu = 此浏览器没有提供 WebGPU 适配器。请选择引擎“auto”而不是“webgpu”，就会改用处理器。
error-model-download = 模型没有送达。请检查网络连接后重试。
error-model-truncated = 模型文件没有完整送达。请重试。
error-model-damaged = 模型文件已损坏，或在途中被更改。请重试。
error-model-version = 模型与页面来自不同版本。请重新加载页面；如果没有用，请告诉此网站的管理者。
error-manifest-invalid = 模型的说明文件（manifest）无法读取。请稍后重试，或告诉此网站的管理者。
error-model-invalid = 模型与此页面不匹配。请告诉此网站的管理者。
error-detector-invalid = 查找人脸的部分无法读取。请重新加载页面。
error-empty-file = 文件是空的。请重新选择，或重新下载。
error-not-an-image = 这不是可以读取的图片。请选择 PNG、JPEG、WebP、GIF 或 BMP 文件。
error-unsupported-format = 这里无法读取此格式的图片。请另存为 PNG 或 JPEG 后再选择。
error-picture-too-large = 图片的像素太多：最多可读取 1.34 亿像素。请缩小后再试。
error-truncated-file = 文件过早结束，缺少一部分。请重新复制或下载。
error-damaged-file = 图片文件已损坏。请用图片编辑器打开并重新保存，或重新下载。
error-not-ready = 引擎仍在加载。请稍候再试。
error-engine-failed = 识别这张图片失败。请重试，或选择引擎“cpu”。

## About the model

about-title = 关于模型
about-what-title = 它是什么
about-what = 一个小型神经网络查看一张裁剪为 96×96 灰度像素的脸，并给出七种表情以及“其他”各自的概率。另一个小网络负责寻找人脸。两者都在这个标签页里、在您的设备上运行。
about-trained-title = 它从什么学来
about-trained = { $count } 张人脸灰度图片：FER2013（2013 年的数据集，用“angry”之类的词在网上搜索得到），从中学习十个人在每张图片上看到了什么；以及来自网络、新闻和摄影棚的四个较小的数据集，每张图片一个标签。许多人脸是摆拍或表演，人们对它们也常有分歧。
about-accuracy-title = 它有多准
about-accuracy = 在 { $count } 张测试图片（FER2013 的 PrivateTest，按 FER+ 的询问）上，十个人中的多数意见一致。其中 { $right } 与他们的说法一致，{ $wrong } 不一致。这些图片没有参与模型的挑选。这是对按该数据集方式裁剪的人脸而言；本页面自行裁剪人脸，准确率大致相同。
about-probability = 概率是网络自己的估计：人们有多大可能这样称呼这个表情。它在几个图片集上校准过；对于不同的人脸，可能相差很大。它不表示表情或感受有多强烈。
about-table = 测试图片，按表情
about-expression = 标签
about-recall = 正确
about-precision = 如此判断时正确
about-mistaken = 最常被误认为
about-images = 图片数
about-fails-title = 它在哪里出错
about-fails-disgust = 厌恶和恐惧读得最差：仅凭一张图片，人们对它们的看法也最不一致。
about-fails-people = 数据没有记录人脸的年龄、肤色和来源，因此没有人能说它对哪些人效果更差。请预期确实有这样的人。
about-fails-missed = 并非每张脸都能找到：占照片十分之一的脸，一百张中约有七张会漏掉，更小的脸漏得更多。偶尔也会把不是脸的东西当成脸。您可以添加漏掉的脸，也可以去掉误认的。
about-fails-turned = 转向、倾斜、被遮挡、光线不好或太小的脸会识别得更差：它学的是端正的正面脸。
about-fails-context = 它只看到一张静止的脸。它不了解当时的情境、这个人、其文化，也不知道这张脸平静时的样子。人在思考时也会皱眉，不高兴时也会微笑。
about-not-title = 什么时候不能用
about-not = 不能用于招聘、评分、监控、执法或诊断，不能用于任何其他关于人的决定，也不能用在没有同意的人身上。
about-law-title = 欧盟的法律
about-law-ban = 《人工智能法》（条例 (EU) 2024/1689）第 5 条第 1 款 (f) 项禁止在工作场所或教育中使用推断人的情感的人工智能系统，医疗或安全原因除外。该规定自 2025 年 2 月 2 日起适用，而且与计算在哪里进行无关：在设备本地计算同样被禁止。
about-law-inform = 第 50 条第 3 款：在其他场合使用此类系统的人，必须最迟在首次接触时明确告知被其观察的人。该规定自 2026 年 8 月 2 日起适用。告知并不能使被禁止的用途变得合法。
about-law-note = 这是摘要，不是法律意见。
