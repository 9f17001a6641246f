using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Execution;

/// <summary>Something that runs graphs.</summary>
public interface IBackend
{
    /// <summary>The name in messages and bench results.</summary>
    string Name { get; }

    /// <summary>The element type in which products are fastest on this machine: float32 unless a backend says otherwise.</summary>
    DType FastestType => DType.Float32;

    /// <summary>Opens a place where variables live and graphs are compiled against them.</summary>
    ISession Open();
}

/// <summary>Variables by name, and the plans that read and update them.</summary>
/// <remarks>
/// Any thread may call, and gets no threads of its own by that; calls that change variables wait for those under way. After
/// <see cref="IDisposable.Dispose"/>, which waits for runs under way and disposes of the plans too, every member throws
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public interface ISession : IDisposable
{
    /// <summary>Compiles a graph. Variables that the session does not know yet start as their initializer says under <paramref name="seed"/>.</summary>
    /// <exception cref="GraphException">A variable has another type than the session knows.</exception>
    IExecutable Compile(Graph graph, ulong seed = 0);

    /// <summary>The names of the variables that are kept: parameters, state and slots, in the order of declaration.</summary>
    IReadOnlyList<string> Variables { get; }

    /// <summary>Replaces the value of a variable.</summary>
    /// <exception cref="GraphException">The session does not know it, or the type differs.</exception>
    void Write(string variable, HostTensor value);

    /// <summary>A copy of the value of a variable.</summary>
    /// <exception cref="GraphException">The session does not know it.</exception>
    HostTensor Read(string variable);
}

/// <summary>A compiled graph: fill the inputs, run, read the outputs. After the first run nothing is allocated.</summary>
/// <remarks>
/// Any thread may call; filling, running and reading together are for one caller at a time. After <see cref="IDisposable.Dispose"/> of the
/// plan or of its session, every member but <see cref="Graph"/> throws <see cref="ObjectDisposedException"/>. Spans that were handed out
/// before stay valid memory for as long as they are held, but no run reads or writes them any more.
/// </remarks>
public interface IExecutable : IDisposable
{
    /// <summary>The graph that it runs, after the backend's own passes.</summary>
    Graph Graph { get; }

    /// <summary>The memory of an input, dense and row-major in the element type of the graph that was compiled; to be filled before a run.</summary>
    /// <exception cref="GraphException">The graph has no such input.</exception>
    Span<byte> Input(string name);

    /// <summary>The memory of an output after a run, dense and row-major; the next run writes to it.</summary>
    /// <exception cref="GraphException">The graph has no such output.</exception>
    ReadOnlySpan<byte> Output(string name);

    /// <summary>Computes the outputs, then replaces the variables that the graph updates.</summary>
    void Run();
}
