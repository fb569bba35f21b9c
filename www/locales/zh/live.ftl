# 摄像头：同意、控制、指示灯、详情。

consent-title = 启动摄像头之前
consent-picture-title = 画面会怎样处理
consent-picture = 每一帧画面都只在本标签页、在您的设备上读取，随即丢弃。不会发送任何内容，也不会保存任何画面。
consent-guess-title = 您会得到什么
consent-guess = 对表情看起来像什么的猜测，而且常常会猜错。它并不知道任何人的感受。
consent-not-for-title = 不应用于什么
consent-not-for = 评判他人，无论是学生、员工、求职者还是其他任何人。在欧盟，除医疗或安全原因外，禁止在工作场所或教育中推断情绪。
consent-others-title = 画面中的其他人
consent-others = 画面中每个人的脸都会被读取。请事先告知他们，得到同意后再开始。
consent-stop = 摄像头运行期间，页面会显示“摄像头已开启”，旁边有按钮可随时关闭。您可以随时点击“撤回同意”收回您的回答。回答只保存在本设备上。
consent-agree = 同意并启动摄像头
consent-decline = 暂不
consent-given = 您已同意使用摄像头。
consent-withdraw = 撤回同意
consent-withdrawn = 您的同意已撤回，摄像头已关闭。下次启动前会再次询问您。

light-on = 摄像头已开启
light-paused = 摄像头已开启，读取已暂停
light-stop = 关闭摄像头

camera-picture = 您的摄像头
camera-picture-mirrored = 您的摄像头（镜像）
status-paused = 已暂停。摄像头仍在运行。
status-camera-muted = 摄像头暂时没有画面。
camera-muted = 摄像头已打开，但暂时没有画面：可能是它的开关、系统或其他程序造成的。画面恢复后会自动继续读取。
camera-pause = 暂停
camera-resume = 继续
camera-mirror = 镜像
camera-choice = 摄像头
camera-unnamed = 摄像头 { $number }

details = 详情
details-display = 显示
details-readings = 读取
details-capture = 截取画面
details-detect = 查找人脸
details-network = 读取表情
details-total = 从画面到结果
details-in-flight = 正在读取的画面
details-size = 读取的画面
details-engine = 引擎
details-per-second = 每秒 { $rate } 次
details-of-one = { $count }（最多 1）
details-pixels = { $width } × { $height } 像素
