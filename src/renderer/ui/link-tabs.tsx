export interface LinkTab {
  readonly id: string;
  readonly label: string;
  readonly href: string;
}

/** Parts of a screen beside each other, each with its own address. */
export function LinkTabs({
  label,
  tabs,
  current,
}: {
  readonly label: string;
  readonly tabs: readonly LinkTab[];
  readonly current: string;
}) {
  return (
    <nav className="link-tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.id} href={tab.href} data-testid={`tab-${tab.id}`} aria-current={tab.id === current ? 'page' : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  );
}
