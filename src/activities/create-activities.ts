import { log } from '@temporalio/activity';
import type { CreateOutcome } from 'exactly-one';
import type { AccountApi } from '../clients/account-api.ts';
import { createPaymentVault } from '../clients/payment-vault.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import type { AccountActivities } from '../contracts/account-activities.ts';
import type { OrderSettings } from '../contracts/order.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { createCircuitBreaker } from '../resilience/circuit-breaker.ts';
import { checkBalance } from './check-balance.ts';
import { createTicket, isServiceFailure } from './create-ticket.ts';
import { deposit } from './deposit.ts';
import { getOrderSettings } from './get-order-settings.ts';
import { getReservation } from './get-reservation.ts';
import { getToken } from './get-token.ts';
import { getTransferSettings } from './get-transfer-settings.ts';
import { validateTicket } from './validate-ticket.ts';
import { voidTicket } from './void-ticket.ts';
import { withdraw } from './withdraw.ts';

/** The activities of a worker, which share one circuit breaker for creates. */
export function createActivities({
  ticketSystem,
  accountApi,
  orderSettings,
  nowMs = Date.now,
}: {
  readonly ticketSystem: TicketSystem;
  readonly accountApi: AccountApi;
  readonly orderSettings: OrderSettings;
  readonly nowMs?: () => number;
}): TicketActivities & AccountActivities {
  const accounts = { accountApi };
  const options = {
    ticketSystem,
    requestTimeoutMs: orderSettings.createDeadlineMs,
    clockSkewMs: orderSettings.clockSkewMs,
    nowMs,
  };
  return {
    getOrderSettings: getOrderSettings(orderSettings),
    getToken: getToken(options),
    getReservation: getReservation(options),
    validateTicket: validateTicket(options),
    voidTicket: voidTicket(options),
    createTicket: createTicket({
      ticketSystem,
      vault: createPaymentVault(ticketSystem, (failed) =>
        log.warn('a read of the payment vault failed', { ...failed }),
      ),
      breaker: createCircuitBreaker<CreateOutcome>({
        failuresToOpen: 10,
        openForMs: 2_000,
        isFailure: isServiceFailure,
        nowMs,
      }),
      nowMs,
      monotonicMs: () => performance.now(),
    }),
    getTransferSettings: getTransferSettings({ searchAttributes: orderSettings.searchAttributes }),
    checkBalance: checkBalance(accounts),
    withdraw: withdraw(accounts),
    deposit: deposit(accounts),
  };
}
