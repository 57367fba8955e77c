import { useState } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { bornText } from '../../ui/patients-text.ts'
import { momentText } from '../../ui/time-text.ts'
import { useToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import { rolesText } from './account-words.ts'
import type { Account } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { type Deed, deedsOf, questionOf } from './deeds.tsx'
import { EditPerson } from './edit-person.tsx'
import { Loaded } from './loaded.tsx'
import { PersonDevices } from './person-devices.tsx'
import styles from './person-screen.module.css'
import { PersonWayIn } from './person-way-in.tsx'
import { saveFile } from './save-file.ts'
import { StatusChip } from './status-chip.tsx'
import { useLoad } from './use-load.ts'

/** One account, and all that can be done with it. */
export function PersonScreen({ id }: { id: string }) {
  const { api, go, me } = useAdmin()
  const [load, reload, put] = useLoad(`person ${id}`, () => api.person(id))
  const [editing, setEditing] = useState(false)
  const [asked, setAsked] = useState<{ deed: Deed; account: Account } | null>(null)
  const [exporting, setExporting] = useState(false)
  const toast = useToast()
  const now = useNow()

  const exportPerson = async (account: Account) => {
    setExporting(true)
    const file = await api.exportPerson(account.id)
    setExporting(false)
    if (file.ok) saveFile(file.value)
    else toast(file.problem.message)
  }

  return (
    <>
      <Button look="text" onClick={() => go({ section: 'people', person: null })}>
        <Icon name="back" size={20} />
        People
      </Button>
      <Loaded load={load} onRetry={() => void reload()}>
        {(account) => {
          const { name, status, roles, specialty, email, createdAt, hold, closedAt } = account
          const facts = [
            ['Role', [rolesText(roles), specialty].filter(Boolean).join(', ')],
            ['Born', bornText(account, now).replace(/^born /, '')],
            ['Email', email ?? ''],
            ['Since', momentText(createdAt)],
            ['Closed', closedAt === undefined ? '' : momentText(closedAt)],
            ['On hold', hold ?? ''],
          ].filter(([, text]) => text !== '')
          return (
            <>
              <section className={parts.card} aria-label="Account">
                <div className={styles.head}>
                  <Avatar id={account.id} name={name} size={56} />
                  <div className={parts.grow}>
                    <h1 className={styles.name} dir="auto">
                      {name}
                    </h1>
                    <StatusChip status={status} />
                  </div>
                  {status !== 'erased' && <Button onClick={() => setEditing(true)}>Edit</Button>}
                </div>
                <dl className={styles.facts}>
                  {facts.map(([term, text]) => (
                    <div key={term}>
                      <dt>{term}</dt>
                      <dd dir="auto">{text}</dd>
                    </div>
                  ))}
                </dl>
              </section>
              {(status === 'invited' || status === 'active') && !roles.includes('service') && (
                <PersonWayIn account={account} />
              )}
              {status !== 'erased' && <PersonDevices account={account} />}
              <section className={parts.card}>
                <h2>What was done</h2>
                <p className={parts.soft}>Who changed this account, and what its person did.</p>
                <div className={parts.actions}>
                  <Button onClick={() => go({ section: 'audit', about: account.id })}>
                    Show in the audit trail
                  </Button>
                </div>
              </section>
              {status !== 'erased' && (
                <section className={parts.card}>
                  <h2>The account</h2>
                  <ul className={parts.rows}>
                    {deedsOf(account, me).map((deed) => (
                      <li key={deed.name} className={parts.row}>
                        <span className={parts.grow}>
                          <span className={parts.strong}>{deed.title}</span>
                          <br />
                          <span className={parts.soft}>{deed.hint}</span>
                        </span>
                        <Button onClick={() => setAsked({ deed, account })}>{deed.action}</Button>
                      </li>
                    ))}
                    {!roles.includes('service') && (
                      <li className={parts.row}>
                        <span className={parts.grow}>
                          <span className={parts.strong}>Take their data along</span>
                          <br />
                          <span className={parts.soft}>
                            All their chats and files in one archive, for the person. You do not see
                            what is in it here.
                          </span>
                        </span>
                        <Button
                          aria-busy={exporting}
                          disabled={exporting}
                          onClick={() => void exportPerson(account)}
                        >
                          Export
                        </Button>
                      </li>
                    )}
                  </ul>
                </section>
              )}
              <EditPerson
                open={editing}
                account={account}
                onClose={() => setEditing(false)}
                onChanged={(changed) => {
                  put(changed)
                  setEditing(false)
                  toast('Saved. Their chats show it too.')
                }}
              />
              <ConfirmDialog
                question={asked === null ? null : questionOf(asked.deed, asked.account, api)}
                onClose={() => setAsked(null)}
                onDone={() => {
                  if (asked !== null) toast(asked.deed.done(asked.account))
                  setAsked(null)
                  void reload()
                }}
              />
            </>
          )
        }}
      </Loaded>
    </>
  )
}
