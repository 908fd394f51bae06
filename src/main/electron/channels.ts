/** The channels between the window and the main process; the preload and the adapter both hang on them. */
export const CALL_CHANNEL = 'feeder:call';
export const EVENT_CHANNEL = 'feeder:event';
/** Events of the training plant. */
export const TRAINING_CHANNEL = 'feeder:training-event';

/** The screens' own scheme: a real origin, so that CSP and storage work, and no file path in sight. */
export const SCREENS_SCHEME = 'app';
export const SCREENS_ORIGIN = 'app://feeder';
export const SCREENS_START = `${SCREENS_ORIGIN}/index.html`;
