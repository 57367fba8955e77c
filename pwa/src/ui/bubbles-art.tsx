/** Two bubbles, the answer with its ticks. For empty places. */
export const BubblesArt = () => (
  <svg width="148" height="112" viewBox="0 0 148 112" aria-hidden="true" focusable="false">
    <path
      d="M24 8h62a16 16 0 0 1 16 16v24a16 16 0 0 1-16 16H24A16 16 0 0 1 8 48V24A16 16 0 0 1 24 8Z"
      fill="var(--surface-raised)"
      stroke="var(--line)"
      strokeWidth="2"
    />
    <path
      d="M26 28h52M26 44h30"
      stroke="var(--line)"
      strokeWidth="6"
      strokeLinecap="round"
      fill="none"
    />
    <path
      d="M66 46h58a16 16 0 0 1 16 16v26a16 16 0 0 1-16 16H66a16 16 0 0 1-16-16V62a16 16 0 0 1 16-16Z"
      fill="var(--accent-soft)"
      stroke="var(--paper)"
      strokeWidth="4"
    />
    <path
      d="m74 76 10 11 15-21M92.5 80l6.5 7 18-24"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)
