import { Banner } from '../ui/banner.tsx'
import { Icon } from '../ui/icon.tsx'
import { useSteady } from '../ui/use-steady.ts'
import type { ChatActions, ChatPorts } from './ports.ts'
import { useReadable } from './use-readable.ts'

interface Props extends Pick<ChatPorts, 'install'> {
  /** Why what is written cannot be saved on this device; null while it can. */
  storageProblem: string | null
  /** Whether the browser may delete what is on this device. */
  storageRisk: boolean
  updateReady: boolean
  actions: Pick<ChatActions, 'putOffStorageRisk' | 'applyUpdate' | 'dismissUpdate'>
}

/** What everybody should know about this device, across the app. */
export function Banners(props: Props) {
  const { storageProblem, storageRisk, updateReady, install, actions } = props
  const offered = useReadable(install.state) === 'offered'
  const problem = useSteady(storageProblem)
  const risk = useSteady(storageRisk)
  const update = useSteady(updateReady)
  return (
    <>
      {problem !== null && (
        <div role="alert">
          <Banner tone="danger" icon={<Icon name="warning" size={18} />} text={problem} />
        </div>
      )}
      {risk && (
        <Banner
          icon={<Icon name="warning" size={18} />}
          text="This browser may delete your messages. Install the app."
          actions={[
            ...(offered ? [{ label: 'Install', run: () => void install.run() }] : []),
            { label: 'Later', run: () => actions.putOffStorageRisk() },
          ]}
        />
      )}
      {update && (
        <Banner
          tone="accent"
          icon={<Icon name="sync" size={18} />}
          text="New version ready. Drafts are kept."
          actions={[
            { label: 'Restart', run: () => actions.applyUpdate() },
            { label: 'Later', run: () => actions.dismissUpdate() },
          ]}
        />
      )}
    </>
  )
}
