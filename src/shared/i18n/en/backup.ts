/** Backup copies. */
export const backup = {
  backup: {
    title: 'Backup copies',
    last: 'Last copy',
    none: 'There is none yet: the first is made at the next quiet minute.',
    folder: 'Folder of the copies',
    folderHint: 'Safer on another disk. Empty = inside the data folder.',
    all: 'Copies kept',
    checked: 'checked',
    make: 'Make a copy now',
    making: 'A copy is being made…',
    failed: 'The last try failed {{at}}',
    restore:
      'To restore: close the program and run feeder restore --data FOLDER FILE. The former database stays beside it; what is missing is read from the meters again.',
  },
};
