/** Line icons on a 24 px grid, drawn in the current colour. Decorative: the control names itself. */
const paths = {
  back: 'M14.5 5.5 8 12l6.5 6.5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6.5 6.5l11 11m0-11-11 11',
  compose: 'M12 5.5v13M5.5 12h13',
  copy: 'M9 9h9.5v10.5H9zM6 15H4.5V4.5H15V6',
  down: 'm6.5 9.5 5.5 5.5 5.5-5.5',
  keyboard: 'M3.5 7.5h17v10h-17zM7 11h.01M10.3 11h.01M13.7 11h.01M17 11h.01M8.5 14.2h7',
  leave: 'M14 5H6.5v14H14M11 12h9m-3.2-3.5L20.3 12l-3.5 3.5',
  offline:
    'M4 4l16 16M8.2 8.4A5 5 0 0 0 7 18.5h10.3M19.6 16.9A4 4 0 0 0 17 10.1a5.6 5.6 0 0 0-6.2-3.9',
  phone:
    'M7.2 4.5 9.6 4l1.7 4.3-2 1.5a12 12 0 0 0 4.9 4.9l1.5-2L20 14.4l-.5 2.4c-.3 1.5-1.5 2.6-3 2.4C10.4 18.5 5.5 13.6 4.8 7.5c-.2-1.5.9-2.7 2.4-3Z',
  retry: 'M19 12a7 7 0 1 1-2.2-5.1M19.3 4v4h-4',
  search: 'M10.8 17.1a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6Zm4.6-1.7 4.3 4.3',
  send: 'M5 19.5 20.5 12 5 4.5l1.5 6 7 1.5-7 1.5z',
  shield: 'M12 3.8 5 6.5v5c0 4.3 2.9 7.2 7 8.7 4.1-1.5 7-4.4 7-8.7v-5z',
  sync: 'M5 10.5a7.2 7.2 0 0 1 12.8-3l1.7 1.8M19.5 4.8v4.5H15M19 13.5a7.2 7.2 0 0 1-12.8 3l-1.7-1.8M4.5 19.2v-4.5H9',
  warning: 'M12 4.2 2.8 19.5h18.4zM12 10v4.5m0 2.3v.01',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={name === 'send' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={name === 'send' ? 1 : 1.9}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}
