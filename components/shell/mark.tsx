/** The product's sign: a bound with one way through. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden className="shrink-0 text-accent-ink">
      <path
        d="M10 2.5a7.5 7.5 0 1 1-6.5 3.75"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <circle cx="10" cy="10" r="2.25" fill="currentColor" />
    </svg>
  );
}
