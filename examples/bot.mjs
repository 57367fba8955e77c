import { connect } from '@wardline/core/node/connect'

const bot = await connect({
  url: process.env.WARDLINE_URL ?? 'http://localhost:8080',
  apiToken: process.env.WARDLINE_API_TOKEN ?? '',
  onMessage: async ({ message, reply }) => {
    if (/opening hours/i.test(message.text)) await reply('Monday to Friday, eight to five.')
  },
})
for (const { title } of bot.chats()) console.log(`${bot.me.name} follows ${title}`)
