import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { lastSeenText } from '../../ui/time-text.ts'
import { useToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import { methodNames } from './account-words.ts'
import type { Account, DeviceOfPerson } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { ConfirmDialog, type Question } from './confirm-dialog.tsx'
import { Loaded } from './loaded.tsx'
import { useLoad } from './use-load.ts'

/** Where somebody is signed in: what is looked for first when a phone is lost. */
export function PersonDevices({ account: { id, name } }: { account: Account }) {
  const { api } = useAdmin()
  const [load, reload] = useLoad(`devices ${id}`, () => api.devices(id))
  const [question, setQuestion] = useState<Question | null>(null)
  const toast = useToast()
  const now = useNow()

  const removing = (device: DeviceOfPerson): Question => ({
    title: `Remove ${nameOf(device)}?`,
    text: (
      <p>
        {name} is signed out on it at once. It empties itself when it comes to the clinic again;
        what it has not sent is lost. Other devices stay signed in.
      </p>
    ),
    action: 'Remove',
    run: () => api.removeDevice(id, device.id),
  })
  const everywhere: Question = {
    title: `Sign ${name} out everywhere?`,
    text: (
      <p>
        All their devices are signed out at once, and empty themselves when they come to the clinic
        again; what they have not sent is lost. {name} can sign in again.
      </p>
    ),
    action: 'Sign out everywhere',
    run: () => api.signOut(id),
  }

  return (
    <section className={parts.card}>
      <h2>Devices</h2>
      <Loaded load={load} onRetry={() => void reload()}>
        {({ devices }) =>
          devices.length === 0 ? (
            <p className={parts.soft}>Signed in nowhere.</p>
          ) : (
            <>
              <ul className={parts.rows}>
                {devices.map((device) => (
                  <li key={device.id} className={parts.row}>
                    <Icon name="phone" size={20} />
                    <span className={parts.grow}>
                      <span className={parts.strong} dir="auto">
                        {nameOf(device)}
                      </span>
                      <br />
                      <span className={parts.soft}>
                        {lastSeenText(device.seenAt, now)}, signed in{' '}
                        {methodNames[device.method] ?? device.method}
                      </span>
                    </span>
                    <Button
                      aria-label={`Remove ${nameOf(device)}`}
                      onClick={() => setQuestion(removing(device))}
                    >
                      Remove
                    </Button>
                  </li>
                ))}
              </ul>
              {devices.length > 1 && (
                <div className={parts.actions}>
                  <Button onClick={() => setQuestion(everywhere)}>Sign out everywhere</Button>
                </div>
              )}
            </>
          )
        }
      </Loaded>
      <ConfirmDialog
        question={question}
        onClose={() => setQuestion(null)}
        onDone={() => {
          toast(question?.action === 'Remove' ? 'The device is removed.' : 'Signed out everywhere.')
          setQuestion(null)
          void reload()
        }}
      />
    </section>
  )
}

const nameOf = ({ name }: DeviceOfPerson): string => name ?? 'a device without a name'
