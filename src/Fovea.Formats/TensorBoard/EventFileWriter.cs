using System.Globalization;
using Fovea.Formats.TensorBoard.Proto;
using Google.Protobuf;

namespace Fovea.Formats.TensorBoard;

/// <summary>Writes an event file that TensorBoard shows: scalars and texts over steps.</summary>
/// <remarks>
/// Every start makes a file of its own, <c>events.out.tfevents.SECONDS.HOST</c>, as TensorBoard expects; all files of a folder are shown as
/// one run. Messages: tensorflow/core/util/event.proto and summary.proto. Not safe for concurrent use.
/// </remarks>
public sealed class EventFileWriter : IDisposable
{
    private readonly TimeProvider _time;
    private readonly FileStream _stream;

    /// <summary>Begins a new file in <paramref name="folder"/>, which is created if it is missing.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="time">The clock that stamps the file and its events.</param>
    /// <param name="resumedAt">
    /// The first step that follows, if the run is a resumed one: TensorBoard then drops what earlier files say about this step and later ones.
    /// </param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public EventFileWriter(string folder, TimeProvider time, long? resumedAt = null)
    {
        _time = time;
        OutputFolder.Create(folder);
        _stream = Create(folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeSeconds():D10}.{Host()}"));
        try
        {
            Append(new() { Step = 0, FileVersion = "brain.Event:2" });
            if (resumedAt is { } step) Append(new() { Step = step, SessionLog = new() { Status = SessionLog.Types.SessionStatus.Start } });
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The path of the file.</summary>
    public string Path => _stream.Name;

    /// <summary>Adds one number to the curve <paramref name="tag"/>; tags with a common part before «/» are shown together.</summary>
    public void Scalar(string tag, long step, float value) => Append(step, new() { Tag = tag, SimpleValue = value });

    /// <summary>Adds a text in Markdown under <paramref name="tag"/>.</summary>
    public void Text(string tag, long step, string markdown) => Append(step, new()
    {
        Tag = tag,
        Metadata = new() { PluginData = new() { PluginName = "text" }, DataClass = DataClass.Tensor },
        Tensor = new()
        {
            Dtype = DataType.DtString,
            TensorShape = new() { Dim = { new TensorShapeProto.Types.Dim { Size = 1 } } },
            StringVal = { ByteString.CopyFromUtf8(markdown) },
        },
    });

    /// <summary>Hands everything so far to the system, so that TensorBoard sees it.</summary>
    public void Flush() => _stream.Flush();

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>A file that did not exist: two starts within one second get different names.</summary>
    private static FileStream Create(string folder, string name)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, name));
        for (var number = 1; File.Exists(path); number++)
            path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{number}")));
        
        // Without a buffer of its own, the stream keeps nothing of a write that failed.
        return new(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    private static string Host()
    {
        var name = Environment.MachineName;
        return name.Length == 0 ? "localhost" : string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
    }

    private void Append(long step, Summary.Types.Value value) => Append(new() { Step = step, Summary = new() { Value = { value } } });

    private void Append(Event message)
    {
        message.WallTime = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var end = _stream.Position;
        try
        {
            RecordWriter.Write(_stream, message.ToByteArray());
        }
        catch (Exception e) when (WriteFailure.Is(e))
        {
            TakeBack(end);
            throw;
        }
    }

    /// <summary>Takes out what a failed write has left: readers stop at half a record.</summary>
    private void TakeBack(long end)
    {
        try
        {
            _stream.SetLength(end);
            _stream.Seek(end, SeekOrigin.Begin);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }
}
