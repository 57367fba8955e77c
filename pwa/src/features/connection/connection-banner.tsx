import type { ConnectionView } from '@wardline/core/client/model/views'
import { isAppleMobile } from '../../base/platform.ts'
import { Banner } from '../../ui/banner.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { useSteady } from '../../ui/use-steady.ts'
import { bannerText, type ConnectionBannerView, truthful } from './banner-state.ts'
import styles from './connection-banner.module.css'
import { useBanner } from './use-banner.ts'

interface Props {
  connection: ConnectionView
  /** Own messages that are only on this device. */
  waiting: number
  onRetry: () => void
  onSignIn: () => void
  /** The dialog for it is open, which has a button of that name. */
  signingIn: boolean
}

const icon = (banner: ConnectionBannerView) => {
  switch (banner.kind) {
    case 'none':
      return null
    case 'signed-out':
      return <Icon name="shield" size={18} />
    case 'offline':
      return <Icon name="offline" size={18} />
    case 'done':
      return <Icon name="check" size={18} />
    default:
      return <Spinner />
  }
}

/** How the device stands with the server. Always in the page, so that a change is announced. */
export function ConnectionBanner(props: Props) {
  const { connection, waiting, onRetry, onSignIn, signingIn } = props
  const kept = useSteady(useBanner(connection, waiting))
  const banner = truthful(kept, connection, waiting)
  const actions =
    banner.kind === 'signed-out'
      ? [{ label: 'Sign in', run: onSignIn, hidden: signingIn }]
      : banner.kind === 'offline'
        ? [{ label: 'Try now', run: onRetry }]
        : []
  return (
    <div role="status" className={styles.banner}>
      {banner.kind !== 'none' && (
        <Banner
          tone={banner.kind === 'offline' || banner.kind === 'signed-out' ? 'calm' : 'accent'}
          icon={icon(banner)}
          text={bannerText(banner, waiting, isAppleMobile())}
          actions={actions}
        />
      )}
    </div>
  )
}
