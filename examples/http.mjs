// A patient begins a chat, asks, and reads what was said: over HTTP, with nothing but `fetch`.
const url = process.env.WARDLINE_URL ?? 'http://localhost:8080'

const call = async (method, path, { token, body }) => {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return answer
}

const credentials = { email: 'pat@demo.clinic', password: 'wardline-demo' }
const { accessToken: token } = await call('POST', '/api/auth/login', { body: credentials })
const { chat } = await call('POST', '/api/chat/chats', { token, body: { doctorId: 'dr-ada' } })
const path = `/api/chat/chats/${chat.id}/messages`
await call('POST', path, { token, body: { text: 'May I come at ten?' } })

const names = new Map(chat.members.map(({ userId, name }) => [userId, name]))
const { messages } = await call('GET', path, { token })
for (const { senderId, text } of messages.toReversed())
  console.log(`${names.get(senderId)}: ${text}`)
