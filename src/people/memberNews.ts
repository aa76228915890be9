/** A chat that is a member's, where they can be reached. */
export interface MembersChat {
  identityId: string;
  key: string;
  channel: string;
  language: string | null;
}

/** What members are told in their own chats. */
export interface MemberNews {
  chatsOf(members: readonly string[]): Promise<MembersChat[]>;
  /** Keeps it for each of these chats; at night it waits for the morning. Gives the ids of the deliveries. */
  tell(told: readonly (MembersChat & { payload: object[] })[], at: Date): Promise<string[]>;
}
