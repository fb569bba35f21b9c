# <moue-face> 在他人页面上的用语，补充页面自身的用语。

consent-purpose-title = 在此处的用途
consent-share = 在取消勾选之前，此网站可以收到读取结果（只有数字，没有图像）。
purpose-self-reflection = 供您观察自己的表情。
purpose-practice = 供您练习表情，例如为角色或演讲。
purpose-accessibility = 把表情告诉看不见的人。
purpose-research = 用于您同意参加的研究。
purpose-ux-study = 经您同意，了解某物如何被使用。
purpose-game = 用于游戏。
purpose-education-institution = 用于教育机构，该机构声明了法律允许的理由。
purpose-workplace = 用于工作场所，该处声明了法律允许的理由。
embed-stage = 面部表情
embed-image = 选择照片
embed-drop = 照片在本设备上读取，不会发送到任何地方。
embed-camera = 摄像头画面在本设备上读取，不会发送到任何地方。
