# What <moue-face> says on other people's pages, besides the page's own words.

consent-purpose-title = What it is for here
consent-share = This site may receive what is read, as numbers and without any picture, until this is unticked.
purpose-self-reflection = For you to look at your own expressions.
purpose-practice = For you to practise expressions, as for a role or a talk.
purpose-accessibility = To tell expressions to somebody who does not see them.
purpose-research = For a study that you agreed to take part in.
purpose-ux-study = To learn how something is used, with your agreement.
purpose-game = For a game.
purpose-education-institution = For an education institution, which declares a reason that the law allows.
purpose-workplace = At a workplace, which declares a reason that the law allows.
embed-stage = Facial expressions
embed-image = Choose a photo
embed-drop = It is read on this device and is not sent anywhere.
embed-camera = The camera’s picture is read on this device and is not sent anywhere.
