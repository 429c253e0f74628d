/** A hull on its slip, about to go. */
export function Mark(props: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={props.size ?? 24} height={props.size ?? 24} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M7 14h15l-2.5 5.5H9.5z" fill="var(--accent-ink)" />
      <path d="M15 6v6.5h5.5z" fill="var(--accent-ink)" opacity=".75" />
      <path d="M5 25 27 20.5" stroke="var(--accent-ink)" stroke-width="2.2" stroke-linecap="round" />
    </svg>
  );
}
