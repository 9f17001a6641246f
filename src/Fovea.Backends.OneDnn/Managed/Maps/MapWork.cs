namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>How an operand comes to the registers of a block.</summary>
internal enum MapAccess
{
    /// <summary>Its elements lie as those of the block: read where they are, or widened.</summary>
    Direct,

    /// <summary>One row, repeated for every row of a block; laid out once a chunk.</summary>
    Tile,

    /// <summary>One number; laid out once a chunk.</summary>
    Fill,

    /// <summary>One number a row.</summary>
    Rows,
}

/// <summary>How the numbers of an operand or a result lie in memory.</summary>
internal enum MapNumbers
{
    Float32,

    BFloat16,

    /// <summary>As <see cref="Common.MixedNumbers"/>.</summary>
    Mixed,
}

/// <summary>An operand of a map.</summary>
internal unsafe struct MapOperand
{
    internal MapAccess Access;
    internal MapNumbers Numbers;
    internal int Slot;

    /// <summary>The outer stride is read from this table; null means outer·<see cref="OuterStep"/>.</summary>
    internal long* Outer;
    internal long OuterStep;
    internal long Row;
    internal nint At;

    internal readonly long Start(long outer) => Outer == null ? outer * OuterStep : Outer[outer];
}

/// <summary>A block function on slots; the slots of direct float32 operands and of results may be memory.</summary>
internal struct MapInstruction
{
    internal BlockFunction Function;
    internal int A;
    internal int B;
    internal int Y;

    /// <summary>As <see cref="BlockFunction.Run"/> wants them.</summary>
    internal nint MaskA;
    internal nint MaskB;

    /// <summary>The result whose memory it writes to; −1 for its slot.</summary>
    internal int Result;
}

/// <summary>A result of a map that is not reduced.</summary>
internal struct MapResult
{
    internal nint At;
    internal MapNumbers Numbers;
    internal int Slot;

    /// <summary>Whether an instruction writes to it, so that nothing is left to be stored.</summary>
    internal bool IsWritten;
}

/// <summary>A part of the grid that one thread computes.</summary>
internal struct MapChunk
{
    internal long Outer;
    internal int FirstRow;
    internal int Rows;
    internal int FirstLane;
    internal int Lanes;

    /// <summary>Where its partial results begin.</summary>
    internal long Partial;
}

/// <summary>What a map does with its registers.</summary>
internal enum MapSinkKind
{
    /// <summary>Stores every element of each result.</summary>
    Store,

    /// <summary>Joins the rows of each lane.</summary>
    Lanes,

    /// <summary>Joins the lanes of each row.</summary>
    Rows,

    /// <summary>Joins all.</summary>
    One,

    /// <summary>Joins outer positions only.</summary>
    Each,
}

/// <summary>All that the threads of a map share, in plain memory.</summary>
internal unsafe struct MapWork
{
    /// <summary>Elements of a block, which registers hold.</summary>
    internal const int Block = 512;

    internal MapChunk* Chunks;
    internal int ChunkCount;
    internal MapOperand* Operands;
    internal int OperandCount;
    internal MapInstruction* Instructions;
    internal int InstructionCount;
    internal int Slots;
    internal int Rows;
    internal int Lanes;

    /// <summary>For each outer position, how many lanes are no padding; null where all are.</summary>
    internal int* Valid;

    internal MapSinkKind Sink;
    internal bool IsMax;
    internal double* Partials;
    internal MapResult* Results;
    internal int ResultCount;

    /// <summary>Whether the operands of the next block are fetched while one is computed.</summary>
    internal bool Prefetches;

    internal readonly int ValidLanes(long outer) => Valid == null ? Lanes : Valid[outer];
}
