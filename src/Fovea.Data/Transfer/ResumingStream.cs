using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Fovea.Naming;

namespace Fovea.Data.Transfer;

/// <summary>The bytes of a file on an http(s) server, from a place on, over as many connections as that takes.</summary>
/// <remarks>
/// A connection that fails is followed by one that asks for the rest (Range, RFC 9110 §14). A server that sends everything anew is read past what is known.
/// A file that changes meanwhile is an error.
/// </remarks>
internal sealed class ResumingStream : Stream
{
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly TransferOptions _options;
    private readonly CancellationToken _stop;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private EntityTagHeaderValue? _tag;
    private long? _total;
    private TimeSpan _asked;
    private int _failures;

    /// <param name="client">Makes the connections.</param>
    /// <param name="address">The file.</param>
    /// <param name="start">The first byte that is wanted.</param>
    /// <param name="options">How patient it is.</param>
    /// <param name="stop">Ends waiting.</param>
    public ResumingStream(HttpClient client, Uri address, long start, TransferOptions options, CancellationToken stop) =>
        (_client, _address, At, _options, _stop) = (client, address, start, options, stop);

    /// <summary>How many bytes of the file have been read or were known before.</summary>
    public long At { get; private set; }

    /// <summary>The length of the file, once a server has said it.</summary>
    public long? Total => _total;

    /// <summary>What a hub has said of the file, once there was an answer.</summary>
    public LinkedFile Linked { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="TransferException">The server refuses, has another file by now, or fails too often.</exception>
    /// <exception cref="OperationCanceledException">The transfer was stopped.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsMemory(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var block = new byte[buffer.Length];
        var count = Read(block.AsMemory());
        block.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) CloseConnection();
        base.Dispose(disposing);
    }

    private int Read(Memory<byte> buffer)
    {
        while (buffer.Length > 0 && At != _total)
        {
            try
            {
                if (_body is null) Connect();
                if (At == _total) return 0;
                var count = Next(buffer);
                if (count > 0)
                {
                    (At, _failures) = (At + count, 0);
                    return count;
                }

                if (_total is null || At == _total) return 0;
                Failed($"the connection ended after {At} of {_total} bytes", null);
            }
            catch (Exception e) when (e is (HttpRequestException or IOException) and not TransferException)
            {
                Failed(e.Message, e);
            }
        }

        return 0;
    }

    /// <summary>Reads from the connection that there is, within the time that a server may be silent.</summary>
    private int Next(Memory<byte> buffer) => Timed(stop => _body!.ReadAsync(buffer, stop).AsTask());

    private T Timed<T>(Func<CancellationToken, Task<T>> work)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        silence.CancelAfter(_options.Silence);
        try
        {
            return work(silence.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e) when (!_stop.IsCancellationRequested)
        {
            throw new IOException($"the server was silent for {_options.Silence.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s", e);
        }
    }

    private void Connect()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address);
        if (At > 0)
        {
            request.Headers.Range = new RangeHeaderValue(At, null);
            if (_tag is { IsWeak: false }) request.Headers.IfRange = new RangeConditionHeaderValue(_tag);
        }

        _response = Timed(stop => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop));
        var from = Beginning(_response);
        _body = Timed(stop => _response.Content.ReadAsStreamAsync(stop));
        var block = new byte[1 << 16];
        while (from < At)
        {
            var count = Next(block.AsMemory(0, (int)Math.Min(block.Length, At - from)));
            if (count == 0) throw new IOException($"the connection ended after {from} of {At} known bytes");
            from += count;
        }
    }

    /// <summary>The place of the first byte of an answer, once it is sure that it is of the same file.</summary>
    private long Beginning(HttpResponseMessage response)
    {
        var content = response.Content.Headers;
        // What was known before is all that there is, or the file is shorter by now.
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && content.ContentRange?.Length is { } length)
        {
            Linked = LinkedFile.Of(response.Headers);
            _total = length == At ? length : throw Changed($"it has {length} bytes, of which {At} are known");
            return At;
        }

        if (!response.IsSuccessStatusCode) throw Refused(response);
        var isPart = response.StatusCode == HttpStatusCode.PartialContent;
        var from = isPart ? content.ContentRange?.From ?? At : 0;
        if (from > At) throw Changed($"the server sends it from byte {from}, wanted was {At}");
        var total = isPart ? content.ContentRange?.Length : content.ContentLength;
        if (_total is not null && total is not null && total != _total) throw Changed($"its length was {_total} bytes and is {total}");
        if (_tag is not null && response.Headers.ETag is { } tag && !tag.Equals(_tag)) throw Changed($"its tag was {_tag} and is {tag}");
        if (total < At) throw Changed($"it has {total} bytes, of which {At} are known");
        Linked = LinkedFile.Of(response.Headers);
        (_total, _tag) = (total ?? _total, response.Headers.ETag ?? _tag);
        return from;
    }

    // Errors of a server, and «too many requests», may pass; others say that the file is not to be had.
    private Exception Refused(HttpResponseMessage response)
    {
        var text = $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}";
        _asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delay } => delay,
            { Date: { } date } when response.Headers.Date is { } now => date - now,
            _ => TimeSpan.Zero,
        };
        return (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            ? new IOException(text)
            : new TransferException(_address, text, "an address where the file is");
    }

    private TransferException Changed(string how) =>
        new(_address, $"the file on the server is another one: {how}", "the same file; begin anew") { IsOtherFile = true };

    private void Failed(string message, Exception? e)
    {
        CloseConnection();
        _stop.ThrowIfCancellationRequested();
        if (++_failures >= _options.Attempts)
            throw new TransferException(
                _address, $"{_failures} connections in a row failed at byte {At}, the last one so: {Printable.Line(message)}", "a server that answers", e);
        _stop.WaitHandle.WaitOne(Wait());
        _asked = TimeSpan.Zero;
        _stop.ThrowIfCancellationRequested();
    }

    /// <summary>The wait before the next connection: what the server asked for, but no longer than it may be silent, or what grows with each failure.</summary>
    private TimeSpan Wait()
    {
        var usual = _options.Delay * Math.Min(32, 1 << (_failures - 1));
        return _asked > usual ? TimeSpan.FromTicks(Math.Min(_asked.Ticks, Math.Max(_options.Silence.Ticks, usual.Ticks))) : usual;
    }

    private void CloseConnection()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }
}
