using System.Text;
using Fovea.Formats;

namespace Fovea.Training.Logging.Styles;

/// <summary>The files of a style in the folder of a run.</summary>
internal sealed class StyleFiles : IDisposable
{
    private readonly StyleTable? _table;
    private readonly LineFile? _lines;
    private readonly LineFile? _rows;

    /// <summary>Writes the settings, and opens what grows; of a table, rows of epochs that a run will end again go.</summary>
    /// <exception cref="IOException">A file cannot be written, or is somebody else's.</exception>
    internal StyleFiles(LogStyle style, RunOverview run, string folder)
    {
        try
        {
            foreach (var (name, text) in style.Documents(run))
                AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
            if (style.LogFile is { } file)
            {
                var path = Path.Combine(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                _lines = new(path, _ => true);
            }

            if (style.Table(run) is not { } table) return;
            _table = table;
            _rows = new(Path.Combine(folder, table.Name), line => line == table.Header || table.EpochOf(line) <= run.Epoch);
            if (_rows.IsEmpty) _rows.Append(table.Header);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal void Line(string line) => _lines?.Append(line);

    internal void Row(EpochReport report, TrainingMeters at)
    {
        if (_table is not null) _rows!.Append(_table.Row(report, at));
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _rows?.Dispose();
    }

    /// <summary>What a model is called, as the name of a file.</summary>
    internal static string NameOf(string model)
    {
        var name = new string([.. Path.GetFileName(model.TrimEnd('/')).Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_')]).TrimStart('.');
        // The run's own recipe stays.
        return name is "" or "recipe" ? "model" : name;
    }
}
