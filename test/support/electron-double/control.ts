/** How a test looks into the doubled shell and does what a person would do at the desktop. */

export interface ShellState {
  readonly windows: readonly {
    readonly title: string;
    readonly isVisible: boolean;
    readonly webPreferences: Readonly<Record<string, unknown>>;
  }[];
  readonly trays: readonly { readonly toolTip: string; readonly image: string; readonly menu: readonly string[] }[];
  readonly boxes: readonly { readonly message: string; readonly detail: string; readonly buttons: readonly string[] }[];
  readonly errorBoxes: readonly { readonly title: string; readonly content: string }[];
  /** What the handlers of the session said to a page that asks for the camera. */
  readonly permissions: { readonly request: boolean; readonly check: boolean; readonly device: boolean };
  readonly loginItem: unknown;
  readonly deniedWindows: number;
  readonly deniedNavigations: number;
}

/** The actions, by name; each takes at most one plain value. */
export interface ShellControl {
  endpoint(): Promise<string>;
  state(): ShellState;
  /** The button that the next question is answered with. */
  answerNext(button: number): void;
  clickTray(label: string): void;
  /** As by the cross in the corner. */
  closeWindows(): void;
  secondInstance(): void;
  quit(): void;
  /** Ends the process without asking the shell: the test is over. */
  end(): void;
}

interface Question {
  readonly id: number;
  readonly action: keyof ShellControl;
  readonly value: never;
}

/** Answers the questions of the test that started this process. */
export function serveControl(control: ShellControl): void {
  process.on('message', (question: Question) => {
    const { id, action, value } = question;
    void Promise.resolve(control[action](value)).then((answer: unknown) => process.send?.({ id, answer: answer ?? null }));
  });
  // The channel to the test is no reason to live on.
  process.channel?.unref();
}
