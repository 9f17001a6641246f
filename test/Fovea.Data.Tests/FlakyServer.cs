using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fovea.Data.Tests;

/// <summary>
/// An HTTP server on this machine that fails as servers do: it drops connections in mid-body, ignores ranges, lies about lengths, is busy, sends elsewhere, or
/// changes its files.
/// </summary>
internal sealed class FlakyServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly List<string> _requests = [];
    private readonly Thread _thread;

    public FlakyServer()
    {
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>What it serves, by path without the first slash.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Where it sends those who ask for a path, and the lines that go along, each with its end.</summary>
    public Dictionary<string, (string Location, string Headers)> Redirects { get; } = new(StringComparer.Ordinal);

    /// <summary>By how much the lengths that it tells are too large.</summary>
    public int LengthError { get; set; }

    /// <summary>The lines that go along when it refuses, each with its end.</summary>
    public string RefusalHeaders { get; set; } = "";

    /// <summary>How many bytes of a body it sends on one connection before it drops it.</summary>
    public int MostBytes { get; set; } = int.MaxValue;

    /// <summary>Whether it sends the whole file although a part was asked for.</summary>
    public bool IgnoresRanges { get; set; }

    /// <summary>Whether it does not tell the length of what it sends.</summary>
    public bool HidesLength { get; set; }

    /// <summary>The status with which it refuses a request by its number, from 0; null serves it.</summary>
    public Func<int, int?> Refuses { get; set; } = _ => null;

    /// <summary>Called before a request is served, with its number.</summary>
    public Action<int> Before { get; set; } = _ => { };

    /// <summary>What was asked for: the path, and the range if there was one.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public void Dispose()
    {
        _listener.Stop();
        _thread.Join();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                using var client = _listener.AcceptTcpClient();
                Answer(client);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or ObjectDisposedException)
        {
            // Stopped: while it waited for a connection, or, by the other exceptions, just before it did.
        }
    }

    private void Answer(TcpClient client)
    {
        try
        {
            var stream = client.GetStream();
            var lines = Request(stream);
            if (lines.Length == 0) return;
            var path = lines[0].Split(' ')[1].TrimStart('/');
            var range = lines.FirstOrDefault(line => line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))?["Range: bytes=".Length..];
            int number;
            lock (_gate)
            {
                number = _requests.Count;
                _requests.Add(range is null ? path : $"{path} {range}");
            }

            Before(number);
            if (Refuses(number) is { } status) Write(stream, $"HTTP/1.1 {status} No\r\n{RefusalHeaders}Content-Length: 0\r\nConnection: close\r\n\r\n");
            else if (Redirects.TryGetValue(path, out var to))
                Write(stream, $"HTTP/1.1 302 Found\r\nLocation: {to.Location}\r\n{to.Headers}Content-Length: 0\r\nConnection: close\r\n\r\n");
            else if (!Files.TryGetValue(path, out var file)) Write(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            else Send(client, stream, file, IgnoresRanges ? null : range);
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    private void Send(TcpClient client, NetworkStream stream, byte[] file, string? range)
    {
        var from = range is null ? 0 : int.Parse(range.TrimEnd('-'), CultureInfo.InvariantCulture);
        if (range is not null && from >= file.Length)
        {
            Write(stream, $"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{file.Length}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }

        Write(stream, range is null ? "HTTP/1.1 200 OK\r\n"
            : $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{file.Length - 1 + LengthError}/{file.Length + LengthError}\r\n");
        if (!HidesLength) Write(stream, $"Content-Length: {file.Length - from + LengthError}\r\n");
        Write(stream, $"ETag: \"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file))[..8]}\"\r\nConnection: close\r\n\r\n");
        var count = Math.Min(MostBytes, file.Length - from);
        stream.Write(file, from, count);
    }

    private static string[] Request(NetworkStream stream)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && stream.ReadByte() is var c and >= 0) text.Append((char)c);
        return text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Write(NetworkStream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));
}
