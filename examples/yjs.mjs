import { monthOf, pageDoc } from '@wardline/core/base/ids'
import { openBody } from '@wardline/core/chat/body'
import { connectDoc } from '@wardline/core/yjs/connect-doc'
import { LivePage } from '@wardline/core/yjs/live-page'
import { newWriter } from '@wardline/core/yjs/new-writer'
import { OwnLane } from '@wardline/core/yjs/own-lane'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

const server = process.env.WARDLINE_URL ?? 'http://localhost:8080'
const getToken = async () => {
  const login = await fetch(`${server}/api/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{ "email": "pat@demo.clinic", "password": "wardline-demo" }',
  })
  return { kind: 'token', token: (await login.json()).accessToken }
}
const month = monthOf(Date.now())
const doc = new Y.Doc()
const page = new LivePage(doc)
const lane = new OwnLane({ page, month, index: 1, writer: newWriter(), device: 'myprogram' })
page.subscribe(async () => {
  const last = page.messages.at(-1)
  if (last?.body) console.log((await openBody(last.body)).content.text)
})
connectDoc(doc, pageDoc('dm.pat-morgan.dr-ada', month), { server, getToken, WebSocket })
await lane.send({ text: 'Hello from a Yjs client' }, Date.now())
