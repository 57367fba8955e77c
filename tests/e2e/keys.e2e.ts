/** What a doctor does without a mouse: from chat to chat, to the search, to the help, and out. */
import { desktop, expect, phone, test } from './support/clinic.ts'

test('keys go from chat to chat, to those that are unread, to the search and to the help', async ({
  device,
  pat,
}) => {
  await pat.startChat('Dr Ada Osei')
  await pat.send('From Pat')
  const sam = await device(phone)
  await sam.signIn('sam@demo.clinic')
  await sam.startChat('Dr Ada Osei')
  await sam.send('From Sam')
  const ada = await device(desktop)
  await ada.signIn('ada@demo.clinic')
  await expect(ada.row('Pat Morgan')).toContainText('1 unread')
  await expect(ada.row('Sam Rivera')).toContainText('1 unread')
  const open = ada.page.getByRole('main').getByRole('heading', { level: 2 })
  const { keyboard } = ada.page

  // The newest comes first; when both are read they stay where they are.
  await keyboard.press('Alt+Shift+ArrowDown')
  await expect(open).toHaveText('Sam Rivera')
  await sam.expectStatus('From Sam', 'Read')
  await keyboard.press('Alt+Shift+ArrowDown')
  await expect(open).toHaveText('Pat Morgan')
  await pat.expectStatus('From Pat', 'Read')
  await keyboard.press('Alt+Shift+ArrowUp')
  await expect(open).toHaveText('Pat Morgan')
  await keyboard.press('Alt+ArrowDown')
  await expect(open).toHaveText('Sam Rivera')
  await keyboard.press('Alt+ArrowUp')
  await expect(open).toHaveText('Pat Morgan')

  await keyboard.press('ControlOrMeta+k')
  const search = ada.page.getByRole('searchbox', { name: 'Search' })
  await expect(search).toBeFocused()
  await keyboard.type('sam')
  await expect(ada.chats.getByRole('listitem')).toHaveCount(1)
  await keyboard.press('Enter')
  await expect(open).toHaveText('Sam Rivera')
  await expect(ada.composer).toBeFocused()

  await keyboard.press('ControlOrMeta+/')
  const help = ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(help).toContainText('Previous unread chat')
  await keyboard.press('Escape')
  await expect(help).toBeHidden()
  await expect(open).toHaveText('Sam Rivera')
  await keyboard.press('Escape')
  await expect(open).not.toHaveText('Sam Rivera')
  await expect(ada.row('Sam Rivera').getByRole('link')).toBeFocused()
})
