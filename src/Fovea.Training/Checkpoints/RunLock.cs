using System.Globalization;
using Fovea.Data.Sources;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>The right to write into a run's folder: one process at a time has it, and a process that dies gives it back.</summary>
/// <remarks>The lock is the operating system's, on <c>run.lock</c>; <c>run.pid</c> only tells who holds it.</remarks>
internal sealed class RunLock : IDisposable
{
    private const int MostBytes = 1024;
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _lock;
    private readonly string _pidPath;

    /// <exception cref="TrainingException">Another process has the folder.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal RunLock(string folder)
    {
        _pidPath = Path.Combine(folder, "run.pid");
        try
        {
            // On Unix, sharing nothing takes an exclusive flock.
            _lock = new FileStream(In(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock or SharingViolation)
        {
            throw new TrainingException($"{folder}: {Holder()} is training in this folder; wait for it, stop it, or choose another folder", e);
        }

        try
        {
            // What stands there, perhaps a pipe or a link to another place, is not written into.
            File.Delete(_pidPath);
            File.WriteAllText(_pidPath, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} on {Environment.MachineName}\n"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file that is locked.</summary>
    internal static string In(string folder) => Path.Combine(folder, "run.lock");

    public void Dispose()
    {
        try
        {
            File.Delete(_pidPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It tells who holds the lock, and nothing more.
        }

        _lock.Dispose();
    }

    private string Holder()
    {
        try
        {
            return $"process {TextFile.Read(_pidPath, MostBytes).Trim()}";
        }
        catch (DataException)
        {
            return "another process";
        }
    }
}
