namespace CcBt.Core.Interop.ExternalClients;

/// <summary>nginx, which serves the files of a folder.</summary>
internal static class Nginx
{
    /// <summary>The URL of the folder, with a slash at its end.</summary>
    public static async Task<string> ServeAsync(Lab lab, string folder)
    {
        var endpoint = new Endpoint(PrivateNetwork.NextAddress(), 8080);
        string state = lab.NewFolder("nginx");
        string configuration = Path.Combine(state, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            user root root;
            worker_processes 1;
            error_log stderr;
            pid {{state}}/pid;
            events { }
            http {
              access_log off;
              client_body_temp_path {{state}}/body;
              proxy_temp_path {{state}}/proxy;
              fastcgi_temp_path {{state}}/fastcgi;
              uwsgi_temp_path {{state}}/uwsgi;
              scgi_temp_path {{state}}/scgi;
              server {
                listen {{endpoint}};
                root {{folder}};
              }
            }
            """, lab.Token);
        ChildProcess process = lab.Start(Installed.Program(RealClient.Nginx), ["-p", state, "-e", "stderr", "-c", configuration]);
        await lab.UntilAsync(async () => process.HasEnded || await endpoint.AnswersAsync(lab.Token), () => process.Output);
        return process.HasEnded ? throw new InvalidOperationException(process.Output) : $"http://{endpoint}/";
    }
}
