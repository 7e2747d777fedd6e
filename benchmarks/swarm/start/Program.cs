Console.WriteLine("{\"event\": \"ready\"}");
