import { connect } from '@wardline/core/node/connect'

const ada = await connect({
  url: process.env.WARDLINE_URL ?? 'http://localhost:8080',
  email: 'ada@demo.clinic',
  password: 'wardline-demo',
  onMessage: async ({ message, reply }) => {
    if (message.text.endsWith('?')) await reply('I will look into it.')
  },
})
await ada.send('dm.pat-morgan.dr-ada', 'The surgery opens at nine.')
for (const { text, status } of await ada.messages('dm.pat-morgan.dr-ada')) console.log(text, status)
