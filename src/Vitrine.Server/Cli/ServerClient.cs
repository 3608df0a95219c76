using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Vitrine.Core;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>The API of an owner, over its socket. What the owner refuses is a <see cref="Refusal"/> here.</summary>
internal sealed class ServerClient : IDisposable
{
    private readonly HttpClient _http;

    private ServerClient(HttpClient http) => _http = http;

    /// <summary>Null where no owner listens on the folder's socket.</summary>
    public static async Task<ServerClient?> ConnectAsync(DataFolder data, CancellationToken cancellation)
    {
        var path = OwnerSocket.PathIn(data.Path);
        // Most commands find none. An attempt that fails would cost an exception, and the first of those reads the names of all methods for its stack trace.
        if (!File.Exists(path)) return null;
        try
        {
            using var trial = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await trial.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        }
        catch (Exception none) when (none is SocketException or ArgumentOutOfRangeException)
        {
            return null;
        }
        var handler = new SocketsHttpHandler { ConnectCallback = (_, token) => OpenAsync(path, token), UseProxy = false };
        return new(new(handler) { BaseAddress = new("http://vitrine"), Timeout = Timeout.InfiniteTimeSpan });
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await _http.GetAsync(Routes.Api + path, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    public async Task<T> PostAsync<T>(string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await _http.PostAsync(Routes.Api + path, body, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    public async Task<T> PatchAsync<T>(string path, HttpContent body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await _http.PatchAsync(Routes.Api + path, body, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    public async Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await _http.DeleteAsync(Routes.Api + path, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    /// <summary>Of what answers nothing.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var response = await _http.DeleteAsync(Routes.Api + path, cancellation);
        if (!response.IsSuccessStatusCode) throw new ProblemException(await ProblemAsync(response, cancellation));
    }

    /// <summary>Copies the answer as it comes; answers whether there was any.</summary>
    public async Task<bool> DownloadAsync(string path, Stream to, CancellationToken cancellation)
    {
        using var response = await _http.GetAsync(Routes.Api + path, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode) throw new ProblemException(await ProblemAsync(response, cancellation));
        await response.Content.CopyToAsync(to, cancellation);
        return response.StatusCode == System.Net.HttpStatusCode.OK;
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadFromJsonAsync(type, cancellation) ?? throw Refusal.CouldNotRun("The server answered nothing.");
        throw new ProblemException(await ProblemAsync(response, cancellation));
    }

    private static async Task<ProblemDetails> ProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ApiJson.Default.ProblemDetails, cancellation) ?? new();
        }
        catch (JsonException)
        {
            return new() { Status = (int)response.StatusCode, Title = $"The server answered {(int)response.StatusCode}." };
        }
    }
}

/// <summary>The server's refusal of a request.</summary>
internal sealed class ProblemException(ProblemDetails problem) : Exception(problem.Detail ?? problem.Title)
{
    public int Status => problem.Status ?? 0;

    public string Code => problem.Extensions.TryGetValue("code", out var code) ? code?.ToString() ?? "" : "";
}
