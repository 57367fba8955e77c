import type { MessageStatus } from '@wardline/core/client/model/views'
import { classNames } from './class-names.ts'
import { statusText } from './status-text.ts'
import styles from './ticks.module.css'

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const

const one = 'm5 7.6 2.9 3 6-7.2'
const first = 'm1.8 7.6 2.9 3 6-7.2'
const second = 'M9 9.9l.7.7 6-7.2'

/**
 * Clock, one tick, two ticks, two ticks in a filled shape: told apart by form, not by colour alone.
 * With `labelled` it carries the status as its name; otherwise the text stands beside it.
 */
export function Ticks({ status, labelled }: { status: MessageStatus; labelled?: boolean }) {
  const naming = labelled
    ? ({ role: 'img', 'aria-label': statusText[status] } as const)
    : ({ 'aria-hidden': true } as const)
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or hidden beside the text.
    <svg
      {...naming}
      className={classNames(styles.ticks, status === 'read' && styles.read)}
      viewBox="0 0 18 14"
      focusable="false"
    >
      {status === 'waiting' && (
        <>
          <circle cx="9" cy="7" r="5.4" {...line} strokeWidth="1.4" />
          <path d="M9 4.2V7l1.9 1.3" {...line} strokeWidth="1.4" />
        </>
      )}
      {status === 'stored' && <path d={one} {...line} />}
      {status === 'delivered' && <path d={`${first}${second}`} {...line} />}
      {status === 'read' && (
        <>
          <rect x="0.5" y="0.8" width="17" height="12.4" rx="6.2" fill="currentColor" />
          <path
            d="m3.4 7.4 2.3 2.4 4.5-5.4M8.7 9.2l.6.6 4.5-5.4"
            {...line}
            stroke="var(--ticks-cut, var(--surface))"
            strokeWidth="1.5"
          />
        </>
      )}
    </svg>
  )
}
