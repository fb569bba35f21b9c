// The tests that say most about a browser, which `make test` runs in Firefox and WebKit: every part of the page is in one.

const both = {
  page: [
    // Photos, folders, what is no picture.
    'a photo is read the same dropped, picked and pasted',
    'a photo is shown as it was read, whichever turn its file asks for',
    'each bad file gets its own answer, and the next photo is read',
    'inputs: several photos become an album, and a damaged one does not stop it',
    'inputs: a folder is read in the order of its names, without what is no picture',
    // The camera and the question before it.
    'no camera is asked for before the visitor agrees',
    'the question before the camera looks right: phone',
    'the camera plays, is read again and again, and stops when asked',
    'a camera that goes away by itself is told',
    'a camera that answers NotAllowedError is told with a remedy',
    'another camera can be chosen, and the one before is closed',
    'two people before a camera keep their numbers, their colours and their cards',
    // What is kept of a reading.
    'a recording is drawn while the camera runs, and can be looked through',
    'a recording is exported as it is shown, and nothing is asked of anyone',
    'a photo is exported with its faces marked',
    // Start, crash, damage.
    'without an adapter the CPU takes over and the page says so',
    'a photo that crashes the engine costs an album that photo alone',
    'a model with one flipped bit is refused by name',
    'a second try after a failed download works',
    'a browser that stores nothing reads, and remembers nothing',
    // The network.
    'without a network the page opens and reads',
    'a new build waits for a yes, and comes whole',
    'nothing is asked for through photo, camera, languages and everything that unfolds',
    // Everyone.
    'axe finds nothing in any state (ar, dark)',
    'the keyboard reaches everything, in order and visibly',
    'the question about the camera holds the focus, and gives it back',
    'nothing is cut off or covered at 320 pixels with text twice as large (ar)',
    'every language says everything in its own words',
    'before the program is here, the page speaks ar',
  ],
  embed: [
    'a strict policy forbids nothing that a reading needs',
    'from another origin it reads, in a worker that is a blob',
    'what is ticked is told, and no more once it is taken back',
    'where the page keeps the camera to itself, frame and page say which attribute is missing',
  ],
};

export const TELLING = {
  firefox: {
    page: [
      ...both.page,
      'a browser that resists fingerprinting is told to allow pictures, and no camera or video is read',
      'the CPU engine reads',
      'the WebGPU engine reads',
      'WebGPU and CPU agree',
      'a graphics device that is lost while it reads costs no answer: the CPU takes over, and the page says so',
      'inputs: a video plays through on its own clock, and keeps its reading',
    ],
    embed: [...both.embed, 'a listed page hears from the frame what the person shares, with page.js'],
  },
  webkit: both,
};
