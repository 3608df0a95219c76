import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { watchRefusals } from "../shared/api/access";
import { createQueryClient } from "./queryClient";
import { createAppRouter } from "./router";
import "./styles.css";

const client = createQueryClient();
watchRefusals(client);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={createAppRouter()} />
    </QueryClientProvider>
  </StrictMode>,
);
