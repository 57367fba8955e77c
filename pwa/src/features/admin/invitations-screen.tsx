import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { momentText, whenText } from '../../ui/time-text.ts'
import { useToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import type { ListedLink } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { ConfirmDialog, type Question } from './confirm-dialog.tsx'
import { InvitePerson } from './invite-person.tsx'
import { Loaded } from './loaded.tsx'
import styles from './people-screen.module.css'
import { useLoad } from './use-load.ts'

const kinds: Readonly<Record<string, string>> = {
  invitation: 'Invitation',
  reset: 'New way to sign in',
  'first-admin': 'First admin',
}

/** Links that let people in: those that wait, and those that were used in their time. */
export function InvitationsScreen() {
  const { api, go } = useAdmin()
  const [load, reload] = useLoad('invitations', () => api.links())
  const [inviting, setInviting] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  const toast = useToast()
  const now = useNow()

  const revoking = (link: ListedLink): Question => ({
    title: 'Take the link back?',
    text: (
      <p>
        The link of {link.user.name} is good no more, and neither is what was printed of it. You can
        make another one at any time.
      </p>
    ),
    action: 'Take back',
    run: () => api.revokeLink(link.id),
  })

  return (
    <>
      <div className={styles.head}>
        <h1>Invitations</h1>
        <Button look="primary" onClick={() => setInviting(true)}>
          Invite
        </Button>
      </div>
      <p className={parts.soft}>
        Each link works once. Whom it is for can be given another at any time.
      </p>
      <br />
      <Loaded load={load} onRetry={() => void reload()}>
        {({ invitations }) =>
          invitations.length === 0 ? (
            <p className={parts.waiting}>Nobody is invited at the moment.</p>
          ) : (
            <section className={parts.card} aria-label="Links">
              <ul className={parts.rows}>
                {invitations.map((link) => (
                  <li key={link.id} className={parts.row}>
                    <span className={parts.grow}>
                      <span className={parts.strong} dir="auto">
                        {link.user.name}
                      </span>
                      <br />
                      <span className={parts.soft}>
                        {kinds[link.kind] ?? link.kind}, made {whenText(link.createdAt, now)},{' '}
                        {link.usedAt === null
                          ? `good until ${momentText(link.expiresAt)}`
                          : `used ${whenText(link.usedAt, now)}`}
                      </span>
                    </span>
                    <Button onClick={() => go({ section: 'people', person: link.user.id })}>
                      Account
                    </Button>
                    <Button
                      aria-label={`Take back the link of ${link.user.name}`}
                      onClick={() => setQuestion(revoking(link))}
                    >
                      Take back
                    </Button>
                  </li>
                ))}
              </ul>
            </section>
          )
        }
      </Loaded>
      <InvitePerson
        open={inviting}
        onClose={() => {
          setInviting(false)
          void reload()
        }}
      />
      <ConfirmDialog
        question={question}
        onClose={() => setQuestion(null)}
        onDone={() => {
          setQuestion(null)
          toast('The link is good no more.')
          void reload()
        }}
      />
    </>
  )
}
