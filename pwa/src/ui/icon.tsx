/** Line icons on a 24 px grid, drawn in the current colour. Decorative: the control names itself. */
const paths = {
  addPerson:
    'M10 11.5a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.2ZM3.5 19.5c0-3.2 2.9-5.2 6.5-5.2 1.6 0 3 .4 4.1 1.1M18 13.8v6m-3-3h6',
  archive: 'M4 5h16v4.2H4zM5.5 9.2V19h13V9.2M10 13h4',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  bell: 'M12 4.3a5.2 5.2 0 0 0-5.2 5.2c0 5-2.1 6.6-2.1 6.6h14.6s-2.1-1.6-2.1-6.6A5.2 5.2 0 0 0 12 4.3ZM10.4 19.2a1.8 1.8 0 0 0 3.2 0',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6.5 6.5l11 11m0-11-11 11',
  compose: 'M12 5.5v13M5.5 12h13',
  copy: 'M9 9h9.5v10.5H9zM6 15H4.5V4.5H15V6',
  down: 'm6.5 9.5 5.5 5.5 5.5-5.5',
  edit: 'M5 19l.9-3.9L16 5l3 3L8.9 18.1zM13.8 7.2l3 3',
  info: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Zm0-8.8v4.9m0-7.9v.01',
  keyboard: 'M3.5 7.5h17v10h-17zM7 11h.01M10.3 11h.01M13.7 11h.01M17 11h.01M8.5 14.2h7',
  leave: 'M14 5H6.5v14H14M11 12h9m-3.2-3.5L20.3 12l-3.5 3.5',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  mute: 'M4.5 4.5l15 15M8.2 6a5.2 5.2 0 0 1 9 3.5c0 2 .3 3.4.7 4.4M6.9 8.9l-.1.6c0 5-2.1 6.6-2.1 6.6h10.8M10.4 19.2a1.8 1.8 0 0 0 3.2 0',
  offline:
    'M4 4l16 16M8.2 8.4A5 5 0 0 0 7 18.5h10.3M19.6 16.9A4 4 0 0 0 17 10.1a5.6 5.6 0 0 0-6.2-3.9',
  people:
    'M9 11.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8ZM2.8 19c0-3 2.7-5 6.2-5s6.2 2 6.2 5M15.5 4.8a3.4 3.4 0 0 1 0 6M17.6 14.4c2.2.7 3.6 2.3 3.6 4.6',
  phone:
    'M7.2 4.5 9.6 4l1.7 4.3-2 1.5a12 12 0 0 0 4.9 4.9l1.5-2L20 14.4l-.5 2.4c-.3 1.5-1.5 2.6-3 2.4C10.4 18.5 5.5 13.6 4.8 7.5c-.2-1.5.9-2.7 2.4-3Z',
  pin: 'M9.2 4.5h5.6l-.6 5.3 2.8 3.4H7l2.8-3.4zM12 13.2v6.3',
  reply: 'M9.5 6 4.5 11l5 5M5 11h8.5c3.2 0 5.5 2.2 5.5 5.6V18',
  retry: 'M19 12a7 7 0 1 1-2.2-5.1M19.3 4v4h-4',
  search: 'M10.8 17.1a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6Zm4.6-1.7 4.3 4.3',
  send: 'M5 19.5 20.5 12 5 4.5l1.5 6 7 1.5-7 1.5z',
  shield: 'M12 3.8 5 6.5v5c0 4.3 2.9 7.2 7 8.7 4.1-1.5 7-4.4 7-8.7v-5z',
  smile: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Zm-3.4-6a4.2 4.2 0 0 0 6.8 0M9.3 9.8v.01m5.4-.01v.01',
  sync: 'M5 10.5a7.2 7.2 0 0 1 12.8-3l1.7 1.8M19.5 4.8v4.5H15M19 13.5a7.2 7.2 0 0 1-12.8 3l-1.7-1.8M4.5 19.2v-4.5H9',
  trash: 'M5 7h14M9.5 7V4.8h5V7M7 7l.8 12.2h8.4L17 7M10.3 10.8v4.8m3.4-4.8v4.8',
  up: 'm6.5 14.5 5.5-5.5 5.5 5.5',
  unread: 'M18 11.6V18H6.8l-3 2.6V6H13M19 7.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z',
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
