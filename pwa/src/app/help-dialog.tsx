import { Dialog } from '../ui/dialog.tsx'
import styles from './account.module.css'

const apple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')
const command = apple ? '⌘' : 'Ctrl'
const option = apple ? '⌥' : 'Alt'

const keys: readonly [what: string, ...keys: string[]][] = [
  ['Search', command, 'K'],
  ['Next chat', option, '↓'],
  ['Previous chat', option, '↑'],
  ['Next unread chat', option, 'Shift', '↓'],
  ['Previous unread chat', option, 'Shift', '↑'],
  ['Send', 'Enter'],
  ['New line', 'Shift', 'Enter'],
  ['Edit the last message', '↑'],
  ['Undo what was just done', 'F8', 'Enter'],
  ['Close', 'Esc'],
  ['This help', command, '/'],
]

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <div className={styles.body}>
        <dl className={styles.keys}>
          {keys.map(([what, ...pressed]) => (
            <div key={what} style={{ display: 'contents' }}>
              <dt>{what}</dt>
              <dd>
                {pressed.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  )
}
