"use client";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { IntlProvider } from "use-intl";
import { ToastProvider } from "#components/ui/toast.tsx";
import { ApiError } from "#lib/client/call.ts";
import { locale, messages } from "#lib/messages/locale.ts";

/** What every page stands on: cache, theme, language, URL state, tooltips, messages. `nonce` is the request's, for inline scripts and styles. */
export function Providers({ nonce, children }: { nonce: string; children: ReactNode }) {
  const [queryClient] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry: isWorthRetry } } }),
  );
  return (
    <CSPProvider nonce={nonce}>
      <ThemeProvider attribute="class" defaultTheme="system" disableTransitionOnChange nonce={nonce}>
        <IntlProvider locale={locale} messages={messages} timeZone="UTC">
          <QueryClientProvider client={queryClient}>
            <NuqsAdapter>
              <Tooltip.Provider delay={400} closeDelay={0}>
                <ToastProvider>{children}</ToastProvider>
              </Tooltip.Provider>
            </NuqsAdapter>
          </QueryClientProvider>
        </IntlProvider>
      </ThemeProvider>
    </CSPProvider>
  );
}

/** Once more when nothing answered or the server failed. A refusal is final, and each one is recorded for good. */
function isWorthRetry(failures: number, error: Error): boolean {
  const isFinal = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return failures < 1 && !isFinal;
}
