/** What people answer with most, in the menu. */
export const QUICK = ['👍', '❤️', '🙏', '😊', '😮', '😢'] as const
