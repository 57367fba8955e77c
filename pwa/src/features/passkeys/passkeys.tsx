import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react'
import { canUsePasskeys, createPasskey, passkeyProblem } from '../../sync/passkey-browser.ts'
import type { Outcome, Passkey, WaysInApi } from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ListWait } from '../../ui/list-wait.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './passkeys.module.css'

interface Props {
  open: boolean
  onClose: () => void
  api: WaysInApi
  /** What this device is called, for a new passkey on it. */
  deviceName: string
}

/** What somebody signs in with instead of a password. */
export function Passkeys({ open, onClose, ...rest }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Passkeys" tall>
      <List {...rest} />
    </Dialog>
  )
}

type Asking = { what: 'rename' | 'remove'; passkey: Passkey } | null

function List({ api, deviceName }: Omit<Props, 'open' | 'onClose'>) {
  const [list, setList] = useState<Outcome<readonly Passkey[]> | null>(null)
  const [asking, setAsking] = useState<Asking>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const possible = useMemo(canUsePasskeys, [])
  const look = useCallback(async () => setList(await api.passkeys()), [api])
  useEffect(() => void look(), [look])

  const add = async () => {
    if (busy) return
    setBusy(true)
    setProblem(await addPasskey(api, deviceName))
    setBusy(false)
    void look()
  }

  if (!list?.ok) return <ListWait problem={list?.message} onRetry={() => void look()} />
  if (asking !== null)
    return (
      <Change
        {...asking}
        api={api}
        onClose={() => {
          setAsking(null)
          void look()
        }}
      />
    )
  return (
    <div className={styles.body}>
      <p className={styles.soft}>
        A passkey signs you in with your fingerprint, face or screen lock. It stays on your device,
        or in the account that your device keeps passkeys in.
      </p>
      {list.value.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
        <ul role="list" className={styles.list} aria-label="Passkeys">
          {list.value.map((passkey) => (
            <li key={passkey.id} className={styles.row}>
              <span className={styles.mark}>
                <Icon name="key" size={22} />
              </span>
              <span className={styles.words}>
                <span className={styles.name} dir="auto">
                  {passkey.name}
                </span>
                <span className={styles.soft}>{usedText(passkey)}</span>
              </span>
              <Button
                look="icon"
                aria-label={`Rename ${passkey.name}`}
                onClick={() => setAsking({ what: 'rename', passkey })}
              >
                <Icon name="edit" size={20} />
              </Button>
              <Button
                look="icon"
                aria-label={`Remove ${passkey.name}`}
                onClick={() => setAsking({ what: 'remove', passkey })}
              >
                <Icon name="trash" size={20} />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {possible ? (
        <Button look="primary" wide aria-busy={busy} disabled={busy} onClick={() => void add()}>
          {busy ? <Spinner /> : <Icon name="key" size={20} />}
          Add a passkey
        </Button>
      ) : (
        <p className={styles.soft}>This browser has no passkeys.</p>
      )}
    </div>
  )
}

interface ChangeProps {
  what: 'rename' | 'remove'
  passkey: Passkey
  api: WaysInApi
  onClose: () => void
}

function Change({ what, passkey, api, onClose }: ChangeProps) {
  const [name, setName] = useState(passkey.name)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (what === 'rename' && name.trim() === '') return setProblem('Enter a name.')
    setBusy(true)
    const done =
      what === 'rename'
        ? await api.renamePasskey(passkey.id, name.trim())
        : await api.removePasskey(passkey.id)
    setBusy(false)
    if (done.ok) onClose()
    else setProblem(done.message)
  }
  return (
    <form className={styles.body} onSubmit={(event) => void submit(event)} noValidate>
      {what === 'rename' ? (
        <Field
          label="Name"
          name="passkey-name"
          autoComplete="off"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      ) : (
        <p>
          <strong>
            Remove <bdi>{passkey.name}</bdi>?
          </strong>{' '}
          It signs you in here no more. Where it is kept, your device may still show it: delete it
          there, too.
        </p>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          look={what === 'remove' ? 'danger' : 'primary'}
          aria-busy={busy}
          disabled={busy}
        >
          {busy && <Spinner />}
          {what === 'remove' ? 'Remove' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

/** What the person is told; null when it is there. */
const addPasskey = async (api: WaysInApi, name: string): Promise<string | null> => {
  const options = await api.passkeyOptions()
  if (!options.ok) return options.message
  const made = await createPasskey(options.value)
  if (made.kind !== 'done') return passkeyProblem(made) ?? null
  const added = await api.addPasskey(made.answer, name)
  return added.ok ? null : added.message
}

const dayOf = (at: number): string =>
  new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

const usedText = ({ createdAt, usedAt }: Passkey): string =>
  usedAt === null ? `Added ${dayOf(createdAt)}, not used yet` : `Last used ${dayOf(usedAt)}`
