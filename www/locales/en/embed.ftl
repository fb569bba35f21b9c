# What <moue-face> says on other people's pages, besides the page's own words.

consent-purpose-title = What it is for here
consent-share = This site may receive the readings: numbers, never a picture, until I untick this.
purpose-self-reflection = To look at your own expressions.
purpose-practice = To practise expressions, for example for a role or a talk.
purpose-accessibility = To tell someone about expressions that they cannot see.
purpose-research = For a study that you agreed to take part in.
purpose-ux-study = To study how something is used, with your agreement.
purpose-game = For a game.
purpose-education-institution = For an educational institution, which declares a reason that the law allows.
purpose-workplace = At a workplace, which declares a reason that the law allows.
embed-stage = Facial expressions
embed-image = Choose a photo
embed-drop = It is read on this device and is not sent anywhere.
embed-camera = The camera’s picture is read on this device and is not sent anywhere.
