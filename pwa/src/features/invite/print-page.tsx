import { createPortal } from 'react-dom'
import type { NewCode, NewLink } from '../../sync/ways-in-api.ts'
import { useClinic } from '../../ui/clinic-context.ts'
import styles from './print-page.module.css'
import { QrCode } from './qr-code.tsx'
import { dayText, timeText } from './when-text.ts'

interface Props {
  name: string
  link: NewLink
  code: NewCode | null
}

/** What comes out of the printer, and is not on the screen: one page for somebody to take home. */
export function PrintPage({ name, link, code }: Props) {
  const { name: clinic, logo, emergencyNumber } = useClinic()
  const isReset = link.kind === 'reset'
  return createPortal(
    <article className={styles.page} data-print-page>
      <header className={styles.head}>
        {logo !== null && <img className={styles.logo} src={logo} alt="" />}
        <p className={styles.clinic} dir="auto">
          {clinic}
        </p>
      </header>
      <h1 className={styles.title}>
        {isReset ? 'A new way to sign in, for ' : 'Write with us: an invitation for '}
        <bdi>{name}</bdi>
      </h1>
      <div className={styles.columns}>
        <div className={styles.qr}>
          <QrCode text={link.url} label="The link, to be scanned" />
        </div>
        <ol className={styles.steps}>
          <li>
            <strong>Scan.</strong> Point your phone’s camera at the square, and open the link that
            it shows.
          </li>
          <li>
            <strong>Choose how you sign in.</strong> It has to say your name. Your fingerprint, face
            or screen lock is enough; or choose a password.
          </li>
          <li>
            <strong>Install the app.</strong> The page says how. Then messages reach you, also where
            there is no signal.
          </li>
        </ol>
      </div>
      <p className={styles.small}>
        Without a camera: open <strong>{new URL(link.url).host}</strong>
        {code === null ? (
          <> and ask us for a code.</>
        ) : (
          <>
            , choose “I have a code” and type <strong className={styles.code}>{code.code}</strong>{' '}
            (until {timeText(code.expiresAt)}).
          </>
        )}
      </p>
      <p className={styles.small}>
        It works once, until {dayText(link.expiresAt)}, and lets in whoever has it: keep this page
        to yourself.
      </p>
      <p className={styles.emergency}>
        A message is not for an emergency. Then call <strong>{emergencyNumber}</strong>.
      </p>
    </article>,
    document.body,
  )
}
